/** What the pages of a sign-in say, in each language. */
import type { Language } from '#base/lib/language.ts';

interface ConsentWords {
  title: string;
  granted: string;
  refusedTitle: string;
  unknownTitle: string;
  unknown: string;
  close: string;
}

export const consentWords: Readonly<Record<Language, ConsentWords>> = {
  en: {
    title: 'Consent was given',
    granted:
      'The permissions were accepted for everybody in the directory. Whether they suffice is shown by “Try it” in the console.',
    refusedTitle: 'Consent was not given',
    unknownTitle: 'Nothing was changed here',
    unknown:
      'This is where consenting at the identity provider ends. Whether it succeeded cannot be told here: “Try it” in the console shows it.',
    close: 'You can close this window.',
  },
  de: {
    title: 'Die Zustimmung wurde erteilt',
    granted:
      'Die Berechtigungen wurden für alle im Verzeichnis angenommen. Ob sie ausreichen, zeigt „Ausprobieren“ in der Konsole.',
    refusedTitle: 'Die Zustimmung wurde nicht erteilt',
    unknownTitle: 'Hier wurde nichts geändert',
    unknown:
      'Hier endet die Zustimmung beim Identitätsanbieter. Ob sie gelungen ist, lässt sich hier nicht sagen: „Ausprobieren“ in der Konsole zeigt es.',
    close: 'Sie können dieses Fenster schließen.',
  },
};

interface HandOverWords {
  title: string;
  heading: string;
  text: string;
}

export const handOverWords: Readonly<Record<Language, HandOverWords>> = {
  en: {
    title: 'Test sign-in',
    heading: 'Back from the identity provider',
    text: 'The test goes on in the window that started it. You can close this one.',
  },
  de: {
    title: 'Test-Anmeldung',
    heading: 'Zurück vom Identitätsanbieter',
    text: 'Der Test geht in dem Fenster weiter, in dem er begann. Dieses können Sie schließen.',
  },
};
