import type { CheckWords } from './worded.ts';

const en: CheckWords = {};
const de: CheckWords = {};

/** The checks' words by code; a code that is not here is said in the server's English. */
export const checkWords: Readonly<Record<'en' | 'de', CheckWords>> = { en, de };
