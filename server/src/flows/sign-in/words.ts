/** What the pages of a sign-in say, in each language. */
import type { Language } from '#base/lib/language.ts';
import type { Mender } from '#upstream/diagnosis/catalogue.ts';

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

export interface FailureWords {
  general: string;
  tryAgain: string;
  usualWay: string;
  seeCause: string;
  code: string;
  everyStep: string;
  kept: string;
  forAdministrators: string;
  whoMends: string;
  field: string;
  how: string;
  link: string;
  seenTitle: string;
  seen: Record<
    | 'source'
    | 'step'
    | 'status'
    | 'error'
    | 'errorCodes'
    | 'description'
    | 'network'
    | 'finding'
    | 'trace'
    | 'request',
    string
  >;
  menders: Record<Mender, string>;
}

export const failureWords: Readonly<Record<Language, FailureWords>> = {
  en: {
    general: 'You could not be signed in',
    tryAgain: 'Please try again. If it goes on, tell your administrator.',
    usualWay: 'Sign in the usual way',
    seeCause: 'Signed in here in another way, they see the cause on this page.',
    code: 'code',
    everyStep: 'Every step of this sign-in, in the console',
    kept: '(kept for seven days)',
    forAdministrators: 'For administrators:',
    whoMends: 'Who mends it',
    field: 'Field of the source',
    how: 'How',
    link: 'What the provider says about it',
    seenTitle: 'What was seen',
    seen: {
      source: 'Source',
      step: 'Step',
      status: 'Status',
      error: 'Error',
      errorCodes: 'Error codes',
      description: 'Description',
      network: 'Network',
      finding: 'Finding',
      trace: 'Trace at the provider',
      request: 'Request',
    },
    menders: {
      administrator: 'An administrator of this domain in Foyer',
      provider_administrator: 'An administrator at the identity provider',
      person: 'The person who signs in',
      operator: 'Whoever runs this Foyer server',
      wait: 'Nobody: it passes by itself',
    },
  },
  de: {
    general: 'Sie konnten nicht angemeldet werden',
    tryAgain:
      'Bitte versuchen Sie es noch einmal. Wenn es so bleibt, wenden Sie sich an Ihre Administration.',
    usualWay: 'Wie gewohnt anmelden',
    seeCause: 'Wenn sie sich hier auf andere Art anmeldet, sieht sie auf dieser Seite die Ursache.',
    code: 'Code',
    everyStep: 'Jeder Schritt dieser Anmeldung, in der Konsole',
    kept: '(sieben Tage lang aufbewahrt)',
    forAdministrators: 'Für die Administration:',
    whoMends: 'Wer es behebt',
    field: 'Feld der Quelle',
    how: 'Wie',
    link: 'Was der Anbieter dazu sagt',
    seenTitle: 'Was zu sehen war',
    seen: {
      source: 'Quelle',
      step: 'Schritt',
      status: 'Status',
      error: 'Fehler',
      errorCodes: 'Fehlercodes',
      description: 'Beschreibung',
      network: 'Netz',
      finding: 'Befund',
      trace: 'Kennung beim Anbieter',
      request: 'Anfrage',
    },
    menders: {
      administrator: 'Die Administration dieser Domäne in Foyer',
      provider_administrator: 'Die Administration beim Identitätsanbieter',
      person: 'Die Person, die sich anmeldet',
      operator: 'Wer diesen Foyer-Server betreibt',
      wait: 'Niemand: es geht vorüber',
    },
  },
};

interface LinkWords {
  onTitle: string;
  go: string;
  title: (source: string) => string;
  question: (source: string) => string;
  meaning: (person: string, source: string, email: string) => string;
  connect: (source: string) => string;
  notNow: string;
}

/** Joining a source to one's own account. */
export const linkWords: Readonly<Record<Language, LinkWords>> = {
  en: {
    onTitle: 'On to the identity provider',
    go: 'Continue',
    title: (source) => `Connect ${source}`,
    question: (source) => `Connect ${source} to your account?`,
    meaning: (person, source, email) =>
      `You are signed in as ${person}. From now on you can also sign in with ${source}${email && ` as ${email}`}.`,
    connect: (source) => `Connect ${source}`,
    notNow: 'Not now',
  },
  de: {
    onTitle: 'Weiter zum Identitätsanbieter',
    go: 'Weiter',
    title: (source) => `${source} verbinden`,
    question: (source) => `${source} mit Ihrem Konto verbinden?`,
    meaning: (person, source, email) =>
      `Sie sind als ${person} angemeldet. Von jetzt an können Sie sich auch mit ${source}${email && ` als ${email}`} anmelden.`,
    connect: (source) => `${source} verbinden`,
    notNow: 'Jetzt nicht',
  },
};
