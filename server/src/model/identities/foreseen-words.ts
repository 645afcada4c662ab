/** The sentences of a foreseen sign-in, in the languages of administrators. Switches are called as in the console. */
import type { Language } from '#base/lib/language.ts';

/** Why an existing account with the same address is not joined. */
export type NotLinked =
  | 'linking_off'
  | 'disabled'
  | 'joined'
  | 'not_verified'
  | 'not_trusted'
  | 'own_unverified';

export interface ForeseenWords {
  otherKey: (pinned: string, key: string) => string;
  known: (name: string) => string;
  linkByEmail: (name: string, email: string) => string;
  trusted: (name: string, email: string) => string;
  created: (email: string) => string;
  createdWithoutEmail: string;
  notLinked: (name: string, why: NotLinked) => string;
  disabled: (name: string) => string;
  noProvisioning: string;
}

const whyInEnglish: Readonly<Record<NotLinked, string>> = {
  linking_off: '“Linking” is off.',
  disabled: 'it is disabled.',
  joined: 'another person of this source belongs to it already.',
  not_verified: 'the provider does not say that the address is verified.',
  not_trusted: 'the source is not trusted for this e-mail domain.',
  own_unverified: 'the address of the account was never verified here.',
};

const whyInGerman: Readonly<Record<NotLinked, string>> = {
  linking_off: '„Darf mit einem bestehenden Konto verbunden werden“ ist aus.',
  disabled: 'es ist deaktiviert.',
  joined: 'zu ihm gehört schon eine andere Person dieser Quelle.',
  not_verified: 'der Anbieter sagt nicht, dass die Adresse bestätigt ist.',
  not_trusted: 'der Quelle wird für diese E-Mail-Domain nicht vertraut.',
  own_unverified: 'die Adresse des Kontos wurde hier nie bestätigt.',
};

const english: ForeseenWords = {
  otherKey: (pinned, key) =>
    `People of this source are known by “${pinned}”, and this id came from “${key}”.`,
  known: (name) => `This identity belongs to ${name}, who would be signed in.`,
  linkByEmail: (name, email) =>
    `${name} has the address ${email}, and “Link by e-mail” takes that for the same person.`,
  trusted: (name, email) =>
    `${name} has the address ${email}, which the provider has verified, and it is trusted for this e-mail domain.`,
  created: (email) => `Nobody has this identity or the address ${email} yet: an account would be made.`,
  createdWithoutEmail: 'Nobody has this identity yet: an account without an e-mail address would be made.',
  notLinked: (name, why) =>
    `The account of ${name} has this e-mail address, and is not joined: ${whyInEnglish[why]} The person can connect the two after signing in the usual way.`,
  disabled: (name) => `The account of ${name} is disabled.`,
  noProvisioning:
    'Nobody has this identity or this e-mail address, and “Provisioning” is off: no accounts are made.',
};

const german: ForeseenWords = {
  otherKey: (pinned, key) =>
    `Personen dieser Quelle werden an „${pinned}“ erkannt, und diese Kennung kam aus „${key}“.`,
  known: (name) => `Diese Identität gehört zu ${name} und würde dort angemeldet.`,
  linkByEmail: (name, email) =>
    `${name} hat die Adresse ${email}, und „Konten über die E-Mail-Adresse verbinden“ nimmt das für dieselbe Person.`,
  trusted: (name, email) =>
    `${name} hat die Adresse ${email}, die der Anbieter bestätigt hat, und ihm wird für diese E-Mail-Domain vertraut.`,
  created: (email) => `Noch hat niemand diese Identität oder die Adresse ${email}: ein Konto würde angelegt.`,
  createdWithoutEmail: 'Noch hat niemand diese Identität: ein Konto ohne E-Mail-Adresse würde angelegt.',
  notLinked: (name, why) =>
    `Das Konto von ${name} hat diese E-Mail-Adresse und wird nicht verbunden: ${whyInGerman[why]} Die Person kann beide verbinden, nachdem sie sich wie gewohnt angemeldet hat.`,
  disabled: (name) => `Das Konto von ${name} ist deaktiviert.`,
  noProvisioning:
    'Niemand hat diese Identität oder diese E-Mail-Adresse, und „Bei der ersten Anmeldung ein Konto anlegen“ ist aus.',
};

export const foreseenWords: Readonly<Record<Language, ForeseenWords>> = { en: english, de: german };
