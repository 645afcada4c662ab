/** What the provider's pages ask and say, in each language. */
import type { Language } from '#base/lib/language.ts';

const english = {
  allow: (application: string) => `Allow ${application}?`,
  asks: (application: string, person: string, domain: string) =>
    `${application} asks to act for you, ${person}, at ${domain}. It wants to:`,
  yes: 'Allow',
  no: 'Do not allow',
  notAgain: 'You will not be asked again for the same things. You can take this back at any time:',
  accountPage: 'your account page',
  scopes: {
    public: 'Use this service on your behalf',
    openid: 'Know who you are',
    profile: 'See your name',
    email: 'See your e-mail address',
    phone: 'See your phone number',
  } as Readonly<Record<string, string>>,
  read: (what: string) => `Read ${what}`,
  change: (what: string) => `Change ${what}`,
  readAndChange: (what: string) => `Read and change ${what}`,
  device: {
    title: 'Connect a device',
    enterCode: 'Enter the code that the device shows.',
    code: 'Code',
    go: 'Continue',
    noDevice: 'No device waits for this code. It may have expired: start again on the device.',
    shows: 'A device that shows this code asks for it:',
    inFront: 'Go on only if you have this device in front of you.',
    connected: 'The device is connected',
    refused: 'The device was refused',
    close: 'You can close this page.',
  },
  signOut: {
    question: 'Sign out?',
    signedInAs: (person: string) => `You are signed in as ${person}.`,
    signOut: 'Sign out',
    title: 'Signed out',
    done: 'You are signed out',
    again: 'Sign in again',
  },
  applications: {
    title: 'Authorized applications',
    mayAct: (person: string) => `These applications may act for you, ${person}.`,
    none: 'There are none.',
    since: (day: string) => `since ${day}`,
    remove: 'Remove',
    removeOne: (application: string) => `Remove ${application}`,
  },
};

export type ProviderWords = typeof english;

const german: ProviderWords = {
  allow: (application) => `${application} erlauben?`,
  asks: (application, person, domain) =>
    `${application} möchte für Sie, ${person}, bei ${domain} handeln, und zwar:`,
  yes: 'Erlauben',
  no: 'Nicht erlauben',
  notAgain:
    'Nach denselben Dingen werden Sie nicht noch einmal gefragt. Zurücknehmen können Sie das jederzeit:',
  accountPage: 'Ihre Kontoseite',
  scopes: {
    public: 'Diesen Dienst für Sie benutzen',
    openid: 'Wissen, wer Sie sind',
    profile: 'Ihren Namen sehen',
    email: 'Ihre E-Mail-Adresse sehen',
    phone: 'Ihre Telefonnummer sehen',
  },
  read: (what) => `Lesen: ${what}`,
  change: (what) => `Ändern: ${what}`,
  readAndChange: (what) => `Lesen und ändern: ${what}`,
  device: {
    title: 'Ein Gerät verbinden',
    enterCode: 'Geben Sie den Code ein, den das Gerät zeigt.',
    code: 'Code',
    go: 'Weiter',
    noDevice:
      'Kein Gerät wartet auf diesen Code. Er kann abgelaufen sein: Beginnen Sie am Gerät noch einmal.',
    shows: 'Ein Gerät, das diesen Code zeigt, bittet darum:',
    inFront: 'Fahren Sie nur fort, wenn Sie dieses Gerät vor sich haben.',
    connected: 'Das Gerät ist verbunden',
    refused: 'Das Gerät wurde abgelehnt',
    close: 'Sie können diese Seite schließen.',
  },
  signOut: {
    question: 'Abmelden?',
    signedInAs: (person) => `Sie sind als ${person} angemeldet.`,
    signOut: 'Abmelden',
    title: 'Abgemeldet',
    done: 'Sie sind abgemeldet',
    again: 'Wieder anmelden',
  },
  applications: {
    title: 'Anwendungen, die für Sie handeln',
    mayAct: (person) => `Diese Anwendungen dürfen für Sie, ${person}, handeln.`,
    none: 'Es gibt keine.',
    since: (day) => `seit ${day}`,
    remove: 'Entfernen',
    removeOne: (application) => `${application} entfernen`,
  },
};

export const providerWords: Readonly<Record<Language, ProviderWords>> = { en: english, de: german };
