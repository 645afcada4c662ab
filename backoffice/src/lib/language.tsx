import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { queryClient } from './query-client.ts';
import { chosenLanguage, type Language, LanguageContext, rememberLanguage } from './words.ts';

/** As their own readers call them. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

const SwitchContext = createContext<(language: Language) => void>(() => {});

/** Keeps the reader's language, for words and for the document (screen readers choose their voice by it). */
export const LanguageProvider = ({ children }: { children: ReactNode }) => {
  const [language, setLanguage] = useState(chosenLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const change = useMemo(
    () => (next: Language) => {
      rememberLanguage(next);
      setLanguage(next);
      // The server's advice comes in the language of its request.
      void queryClient.invalidateQueries();
    },
    [],
  );
  return (
    <SwitchContext value={change}>
      <LanguageContext value={language}>{children}</LanguageContext>
    </SwitchContext>
  );
};

/** The reader's language and how to change it. */
export const useLanguage = (): [Language, (language: Language) => void] => [
  use(LanguageContext),
  use(SwitchContext),
];
