import { defineWords } from '#lib/words.ts';
import type { CheckWords } from './worded.ts';

const en: CheckWords = {};
const de: CheckWords = {};

/** The checks' words by code; a code that is not here is said in the server's English. */
export const checkWords: Readonly<Record<'en' | 'de', CheckWords>> = { en, de };

export const checkUiWords = defineWords({
  en: {
    title: 'Checks',
    explain: 'What you type is looked at as you go; what is found stands beside its field.',
    checkAll: 'Check everything, hosts included',
    allWell: 'Nothing to find fault with.',
  },
  de: {
    title: 'Prüfungen',
    explain: 'Ihre Eingaben werden laufend angesehen; was auffällt, steht neben seinem Feld.',
    checkAll: 'Alles prüfen, auch die Server',
    allWell: 'Nichts zu beanstanden.',
  },
});
