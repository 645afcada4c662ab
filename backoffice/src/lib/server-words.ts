/**
 * @module What the server says, in the reader's language. Its API keeps the words of PlaceOS where clients read them, which
 * is not how one would tell a person; and its refusals are English only (its advice is not: see `accept-language` in
 * `api.ts`). What is not listed is shown as it came.
 */
import { use } from 'react';
import { LanguageContext } from './words.ts';

const plain: Readonly<Record<string, string>> = {
  'should not be nil': 'is required',
  'should be unique': 'is taken already',
  'validation failed': 'Some fields are not right yet.',
  'must be a valid string': 'must be text',
  'must be a valid integer': 'must be a whole number',
  'must be a valid boolean': 'must be yes or no',
  'must be a valid number': 'must be a number',
  'must be an array': 'must be a list',
};

const german: Readonly<Record<string, string>> = {
  // Fields.
  'is required': 'muss angegeben werden',
  'is missing': 'fehlt',
  'is taken already': 'ist schon vergeben',
  'is wrong': 'ist falsch',
  'is not set': 'ist nicht gesetzt',
  'has ended': 'ist abgelaufen',
  'must be text': 'muss Text sein',
  'must be a whole number': 'muss eine ganze Zahl sein',
  'must be a number': 'muss eine Zahl sein',
  'must be yes or no': 'muss ja oder nein sein',
  'must be a list': 'muss eine Liste sein',
  'must be an object': 'muss ein Objekt sein',
  'must be positive': 'muss größer als null sein',
  'must be in the future': 'muss in der Zukunft liegen',
  'has the wrong type': 'ist von der falschen Art',
  'has the wrong form': 'hat die falsche Form',
  'has control characters': 'enthält Steuerzeichen',
  'is not a host name': 'ist kein Hostname',
  'is not a domain': 'ist keine Domäne',
  'is not a user': 'ist keine Person dieser Domäne',
  'is not a valid URL': 'ist keine gültige Adresse',
  'is not an e-mail address': 'ist keine E-Mail-Adresse',
  'is an invalid email': 'ist keine E-Mail-Adresse',
  'is an invalid preferred language': 'ist keine Sprache',
  'is not the same as the password': 'ist nicht dasselbe wie das Passwort',
  'is one of the most common passwords': 'ist eines der häufigsten Passwörter',
  'is changed by administrators of the installation only': 'ändern nur Administratoren der Installation',
  'is for administrators with a local password': 'ist für Administratoren mit einem Passwort',
  'is not a version of this source': 'ist keine Version dieser Quelle',
  'is not that of this id in this domain': 'gehört nicht zu dieser Kennung in dieser Domäne',
  'is not the domain of this source': 'ist nicht die Domäne dieser Quelle',
  'cannot be changed: make a new source in the other domain':
    'lässt sich nicht ändern: legen Sie in der anderen Domäne eine neue Quelle an',
  'an administrator of the installation is one of the domain, too':
    'ein Administrator der Installation ist auch einer der Domäne',
  'must be a path of this domain': 'muss ein Pfad dieser Domäne sein',
  'must be a path or an absolute URL': 'muss ein Pfad oder eine vollständige Adresse sein',
  'must be on the host of this domain': 'muss auf dem Host dieser Domäne liegen',
  'must be absolute URLs without fragments': 'müssen vollständige Adressen ohne „#“ sein',
  'must be an absolute http or https URL': 'muss eine vollständige Adresse mit http oder https sein',
  'must be an https address, or one that the operator of this server allows':
    'muss eine https-Adresse sein oder eine, die der Betreiber dieses Servers erlaubt',
  'must be domains of e-mail addresses': 'müssen Domänen von E-Mail-Adressen sein',
  'must be at most twenty e-mail addresses': 'dürfen höchstens zwanzig E-Mail-Adressen sein',
  'must be a certificate in PEM or Base64': 'muss ein Zertifikat in PEM oder Base64 sein',
  'must be a SHA-1 or SHA-256 fingerprint in hexadecimal':
    'muss ein SHA-1- oder SHA-256-Fingerabdruck in Hexadezimal sein',
  'must be a port number': 'muss eine Portnummer sein',
  'must be a host name or address': 'muss ein Hostname oder eine Adresse sein',
  'must be names separated by spaces': 'müssen durch Leerzeichen getrennte Namen sein',
  'must be names, each alone or with .read or .write':
    'müssen Namen sein, jeder allein oder mit .read oder .write',
  'must be https, http or the scheme of an app (com.example.app)':
    'muss mit https, http oder dem Schema einer App (com.example.app) beginnen',
  '{{url}} may only stand in the query': '{{url}} darf nur hinter dem Fragezeichen stehen',
  // Settings of a source.
  'This is not a complete web address.': 'Das ist keine vollständige Web-Adresse.',
  'Only https addresses are allowed here.': 'Hier sind nur https-Adressen erlaubt.',
  'An address must not hold a user name or password.':
    'Eine Adresse darf weder Benutzernamen noch Passwort enthalten.',
  'This port is not allowed. The operator of Foyer can allow it.':
    'Dieser Port ist nicht erlaubt. Wer Foyer betreibt, kann ihn erlauben.',
  'Foyer may not connect to this address. The operator of Foyer can allow it.':
    'Foyer darf sich nicht mit dieser Adresse verbinden. Wer Foyer betreibt, kann es erlauben.',
  'This must be a text.': 'Das muss ein Text sein.',
  'This holds characters that cannot be typed.': 'Das enthält Zeichen, die man nicht tippen kann.',
  'A parameter needs a name.': 'Ein Parameter braucht einen Namen.',
  'response_mode can be query or form_post.': 'response_mode kann query oder form_post sein.',
  'A condition needs the name of a claim.': 'Eine Bedingung braucht den Namen einer Angabe.',
  'With common or organizations, people of every tenant could sign in: list the allowed ones.':
    'Mit common oder organizations könnten sich Personen jedes Mandanten anmelden: führen Sie die zugelassenen auf.',
  'This is not a certificate in PEM, or not that of the private key.':
    'Das ist kein Zertifikat in PEM oder nicht das des privaten Schlüssels.',
  'This is not a private key in PEM (RSA with at least 2048 bits, P-256, P-384, P-521 or Ed25519).':
    'Das ist kein privater Schlüssel in PEM (RSA ab 2048 Bit, P-256, P-384, P-521 oder Ed25519).',
  'This is neither a tenant nor an issuer.': 'Das ist weder ein Mandant noch ein Aussteller.',
  // Sentences.
  'Some fields are not right yet.': 'Einige Felder stimmen noch nicht.',
  'Some fields are not valid.': 'Einige Felder stimmen noch nicht.',
  'Enter the secret again to change where it is sent.':
    'Geben Sie das Geheimnis noch einmal ein, um zu ändern, wohin es gesendet wird.',
  'No dry run of exactly this configuration has passed yet.':
    'Genau diese Einstellungen haben noch keinen Probelauf bestanden.',
  'No administrator could get in if this source failed: give one a local password first.':
    'Fällt diese Quelle aus, käme kein Administrator hinein: geben Sie zuerst einem ein Passwort.',
  'This is the last way to sign in to the account.': 'Das ist der letzte Weg, sich an dem Konto anzumelden.',
  'This is not possible in the current state.': 'Das ist im jetzigen Zustand nicht möglich.',
  'The last administrator of the installation must stay':
    'Der letzte Administrator der Installation muss bleiben.',
  'The source is disabled: nobody could sign in through it':
    'Die Quelle ist abgeschaltet: niemand könnte sich über sie anmelden.',
  'The source is being changed by somebody else': 'Die Quelle wird gerade von jemand anderem geändert.',
  'The request could not be understood.': 'Die Anfrage war nicht zu verstehen.',
  'The request is too large.': 'Die Anfrage ist zu groß.',
  'A stored secret cannot be read.': 'Ein gespeichertes Geheimnis ist nicht lesbar.',
  'The identity provider could not be reached.': 'Der Anbieter ist nicht erreichbar.',
  'The identity provider did not answer in time.': 'Der Anbieter hat nicht rechtzeitig geantwortet.',
  'The identity provider has an address that Foyer may not connect to.':
    'Der Anbieter hat eine Adresse, zu der Foyer sich nicht verbinden darf.',
  'Foyer is not able to do this at the moment. Please try again.':
    'Foyer kann das im Augenblick nicht. Versuchen Sie es noch einmal.',
};

const patterns: readonly [RegExp, (...parts: string[]) => string][] = [
  [/^must have at least (\d+) characters$/, (n) => `muss mindestens ${n} Zeichen haben`],
  [/^must have at most (\d+) characters$/, (n) => `darf höchstens ${n} Zeichen haben`],
  [/^“(.+)” can never come from a provider\.$/, (target) => `„${target}“ kann nie vom Anbieter kommen.`],
  [/^“(.+)” is no field of a user\.$/, (target) => `„${target}“ ist kein Feld einer Person.`],
  [/^“(.+)” names no key of the profile\.$/, (target) => `„${target}“ nennt keinen Schlüssel des Profils.`],
  [
    /^“(.+)” may belong to another person one day\. Map uid to id\.$/,
    (key) => `„${key}“ kann eines Tages jemand anderem gehören. Ordnen Sie uid id zu.`,
  ],
  [
    /^“(.+)” is set by Foyer for every sign-in\.$/,
    (name) => `„${name}“ setzt Foyer bei jeder Anmeldung selbst.`,
  ],
  [
    /^“(.+)” has no value: nobody could sign in\.$/,
    (name) => `„${name}“ hat keinen Wert: niemand käme hinein.`,
  ],
  [/^“(.+)” is not the id of a tenant\.$/, (tid) => `„${tid}“ ist keine ID eines Mandanten.`],
  [
    /^“(.+)” is not a signature that Foyer accepts\.$/,
    (alg) => `„${alg}“ ist keine Signatur, die Foyer annimmt.`,
  ],
  [/^“(.+)” is not a domain\.$/, (domain) => `„${domain}“ ist keine Domain.`],
  [
    /^enter it again, because it would be sent elsewhere: (.+) changed$/,
    (fields) => `geben Sie es noch einmal ein, weil es sonst woandershin ginge: ${fields} geändert`,
  ],
  [/^must be one of (.+)$/, (list) => `muss eines davon sein: ${list}`],
];

const inGerman = (text: string): string => {
  const known = german[text];
  if (known !== undefined) return known;
  for (const [pattern, say] of patterns) {
    const parts = pattern.exec(text)?.slice(1);
    if (parts) return say(...parts);
  }
  return text;
};

/** Turns a sentence or a field's failure of the server into the reader's words. */
export const useServerWords = (): ((text: string) => string) => {
  const language = use(LanguageContext);
  return (text) => {
    const english = plain[text] ?? text;
    return language === 'de' ? inGerman(english) : english;
  };
};
