/**
 * @module Words of the console, in English and German. Each room has its own `words.ts`; German must have every key that
 * English has, with the same parameters, or it does not compile.
 */
import { createContext, use } from 'react';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

// biome-ignore lint/suspicious/noExplicitAny: parameters are checked by each room's own words
type Word = string | ((...values: any[]) => string);
export interface Dictionary {
  readonly [key: string]: Word | Dictionary;
}

/** Texts of `T` are any texts, functions keep their parameters. */
type Translated<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...values: infer P) => string
      ? (...values: P) => string
      : Translated<T[K]>;
};

export const defineWords = <T extends Dictionary>(words: {
  en: T;
  de: Translated<T>;
}): Readonly<Record<Language, Translated<T>>> =>
  words as unknown as Readonly<Record<Language, Translated<T>>>;

export const LanguageContext = createContext<Language>('en');

/** The room's words in the reader's language. */
export const useWords = <T>(words: Readonly<Record<Language, T>>): T => words[use(LanguageContext)];

const storageKey = 'foyer-language';

/** The language chosen before, else the browser's, else English. */
export const chosenLanguage = (): Language => {
  const stored = localStorage.getItem(storageKey);
  const wanted = stored ?? navigator.language.slice(0, 2);
  return languages.find((language) => language === wanted) ?? 'en';
};

export const rememberLanguage = (language: Language): void => localStorage.setItem(storageKey, language);
