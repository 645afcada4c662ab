/** The checks in words, by the server's codes; `{name}` is filled from the values of the finding. */
import { defineWords } from '#lib/words.ts';
import type { CheckWords } from './worded.ts';

const says = (message: string, fix = '') => ({ message, fix });

const en: CheckWords = {
  not_accepted: says('{reason}'),
  missing: says('Needed before anybody can sign in.'),
  complete: says('Nothing to find fault with.'),
  blanks_around: says('There is a blank before or after the value.', 'Copy the value again without it.'),
  http_callback: says(
    'People would come back to {origin}, without encryption; providers refuse such a callback.',
    'The operator of Foyer sets PUBLIC_URL to an https address.',
  ),
  tenants_differ: says(
    'Authorize URL names the tenant {authorize}, Token URL {token}.',
    'Use the same tenant in both.',
  ),
  versions_differ: says(
    'One of Authorize URL and Token URL is of Microsoft’s v2.0 endpoints, the other is not.',
    'Use …/oauth2/v2.0/… in both.',
  ),
  listed_tenants: says('Only people of the {count} listed tenants may sign in.'),
  site_has_path: says(
    'The site ends in {path}. Addresses that begin with a slash leave that out.',
    'Enter the address of the provider only up to the first slash.',
  ),
  secret_is_guid: says(
    'This is the secret’s ID, not its value.',
    'Copy the column “Value” under Certificates & secrets. It is shown only once: make a new secret if it is gone.',
  ),
  secret_is_client_id: says('This is the client id, not the secret.', 'Copy the secret’s value.'),
  client_id_not_guid: says(
    'Microsoft’s client ids look like 00000000-0000-0000-0000-000000000000; this one does not.',
    'Copy “Application (client) ID” from the overview of the app registration.',
  ),
  secret_expiry_unknown: says(
    'Microsoft ends every client secret, and nobody has said when this one ends.',
    'Choose it below, and Foyer warns in time.',
  ),
  secret_expired: says(
    'The client secret has ended: Microsoft refuses it.',
    'Make a new one under Certificates & secrets and enter it here.',
  ),
  secret_expires_soon: says(
    'The client secret ends in {days} days.',
    'Make a new one now and enter it as the second secret; both work until the old one ends.',
  ),
  method_not_post: says('Microsoft accepts POST only at its token address.', 'Choose POST.'),
  secret_in_address: says(
    'With this method the secret is in the address of the request, and so in the provider’s logs.',
    'Choose POST, or Basic Auth as the authentication scheme, unless the provider demands this.',
  ),
  pkce_off: says(
    'Without PKCE a stolen code can be used by whoever has it.',
    'Turn it on, unless the provider refuses it.',
  ),
  missing_openid: says(
    'Without openid there is no ID token, and the answer cannot be verified.',
    'Add openid to the scope.',
  ),
  missing_offline_access: says(
    'Without offline_access there is no refresh token: calendars stop working an hour after a sign-in.',
    'Add offline_access to the scope.',
  ),
  missing_access_type: says(
    'Google sends a refresh token only with access_type=offline.',
    'Add access_type = offline, and prompt = consent.',
  ),
  scope_for_v1: says(
    'This names an API the way Microsoft’s older endpoints want it; v2.0 refuses it.',
    'Name permissions in the scope, such as User.Read, and remove “resource”.',
  ),
  scope_needs_v2: says(
    'Microsoft’s older endpoints pass over the permissions in the scope.',
    'Use …/oauth2/v2.0/… in Authorize URL and Token URL.',
  ),
  uid_unmapped: says(
    'No key is mapped to uid: people would be known by the ID token’s sub.',
    'Map uid to id for Microsoft, else to sub.',
  ),
  email_unmapped: says(
    'No key is mapped to email: accounts would have no address.',
    'Map it: mail,userPrincipalName for Microsoft, else email.',
  ),
  token_mappings_missing: says(
    'Not mapped: {missing}. The documented source has them, and PlaceOS’ calendar features look for them.',
    'Map access_token to token, refresh_token to refresh_token, expires to expires, expires_at to expires_at.',
  ),
  mapping_twice: says('“{target}” is there twice; only one of the two counts.', 'Remove one.'),
  mapping_empty: says('“{target}” names no key: nothing fills it.', 'Name a key, or remove it.'),
  mapping_key_twice: says('“{target}” names {key} twice.', 'Name it once.'),
  matching_comma: says('“{value}” is compared as one value, comma included.', 'Enter each value by itself.'),
  matching_blank: says('There is a blank around “{value}”; it is left out.', 'Remove the blank.'),
  host_reached: says('{host} answers, with a good certificate.'),
  host_reached_plain: says('{host} answers, without encryption.'),
  host_denied: says(
    'Foyer may not connect to {host}.',
    'The operator of Foyer can allow it (FOYER_EGRESS_ALLOW).',
  ),
  host_certificate: says(
    'The certificate of {host} is not good.',
    'Check the address. With a certificate authority of your own: the operator names it to Foyer (FOYER_EGRESS_CA).',
  ),
  host_timeout: says('{host} did not answer in time.', 'Check the address, or try again.'),
  host_unreachable: says('{host} cannot be reached.', 'Check the address for typing errors.'),
  clock_differs: says(
    'The clocks of Foyer and of this host differ by {seconds} seconds: tokens may be refused.',
    'The operator of Foyer checks the server’s time (NTP).',
  ),
  discovery_differs: says(
    'The provider’s discovery document names another address: {published}',
    'Use that one, unless the provider’s documentation says otherwise.',
  ),
  discovery_unread: says('The provider’s discovery document could not be read.', 'Check tenant or issuer.'),
};

const de: Record<keyof typeof en, { message: string; fix: string }> = {
  not_accepted: says('{reason}'),
  missing: says('Wird gebraucht, bevor sich jemand anmelden kann.'),
  complete: says('Nichts zu beanstanden.'),
  blanks_around: says(
    'Vor oder nach dem Wert steht ein Leerzeichen.',
    'Kopieren Sie den Wert noch einmal ohne.',
  ),
  http_callback: says(
    'Personen kämen unverschlüsselt zu {origin} zurück; Anbieter lehnen einen solchen Callback ab.',
    'Wer Foyer betreibt, setzt PUBLIC_URL auf eine https-Adresse.',
  ),
  tenants_differ: says(
    'Authorize URL nennt den Mandanten {authorize}, Token URL {token}.',
    'In beiden denselben Mandanten verwenden.',
  ),
  versions_differ: says(
    'Von Authorize URL und Token URL gehört eine zu Microsofts v2.0-Endpunkten, die andere nicht.',
    'In beiden …/oauth2/v2.0/… verwenden.',
  ),
  listed_tenants: says('Nur Personen der {count} aufgeführten Mandanten dürfen sich anmelden.'),
  site_has_path: says(
    'Site endet auf {path}. Adressen, die mit einem Schrägstrich beginnen, lassen das weg.',
    'Die Adresse des Anbieters nur bis zum ersten Schrägstrich eingeben.',
  ),
  secret_is_guid: says(
    'Das ist die ID des Geheimnisses, nicht sein Wert.',
    'Kopieren Sie die Spalte „Wert“ unter Zertifikate & Geheimnisse. Sie wird nur einmal gezeigt: ist sie verloren, legen Sie ein neues Geheimnis an.',
  ),
  secret_is_client_id: says(
    'Das ist die Client-ID, nicht das Geheimnis.',
    'Kopieren Sie den Wert des Geheimnisses.',
  ),
  client_id_not_guid: says(
    'Microsofts Client-IDs sehen aus wie 00000000-0000-0000-0000-000000000000; diese nicht.',
    'Kopieren Sie „Anwendungs-ID (Client)“ aus der Übersicht der App-Registrierung.',
  ),
  secret_expiry_unknown: says(
    'Microsoft lässt jedes Geheimnis enden, und niemand hat gesagt, wann dieses endet.',
    'Wählen Sie es unten, dann warnt Foyer rechtzeitig.',
  ),
  secret_expired: says(
    'Das Client-Geheimnis ist abgelaufen: Microsoft lehnt es ab.',
    'Legen Sie unter Zertifikate & Geheimnisse ein neues an und geben Sie es hier ein.',
  ),
  secret_expires_soon: says(
    'Das Client-Geheimnis endet in {days} Tagen.',
    'Legen Sie jetzt ein neues an und geben Sie es als zweites Geheimnis ein; beide gelten, bis das alte endet.',
  ),
  method_not_post: says('Microsoft nimmt an seiner Token-Adresse nur POST an.', 'Wählen Sie POST.'),
  secret_in_address: says(
    'So steht das Geheimnis in der Adresse der Anfrage und damit in den Protokollen des Anbieters.',
    'Wählen Sie POST oder als Authentication Scheme Basic Auth, außer der Anbieter verlangt dies.',
  ),
  pkce_off: says(
    'Ohne PKCE kann jeder einen gestohlenen Code verwenden.',
    'Schalten Sie es ein, außer der Anbieter lehnt es ab.',
  ),
  missing_openid: says(
    'Ohne openid gibt es kein ID-Token, und die Antwort lässt sich nicht prüfen.',
    'Ergänzen Sie openid im Scope.',
  ),
  missing_offline_access: says(
    'Ohne offline_access gibt es kein Refresh-Token: Kalender enden eine Stunde nach der Anmeldung.',
    'Ergänzen Sie offline_access im Scope.',
  ),
  missing_access_type: says(
    'Google sendet ein Refresh-Token nur mit access_type=offline.',
    'Ergänzen Sie access_type = offline und prompt = consent.',
  ),
  scope_for_v1: says(
    'So nannten Microsofts ältere Endpunkte eine API; v2.0 lehnt das ab.',
    'Nennen Sie im Scope Berechtigungen, etwa User.Read, und entfernen Sie „resource“.',
  ),
  scope_needs_v2: says(
    'Microsofts ältere Endpunkte übergehen die Berechtigungen im Scope.',
    'Verwenden Sie …/oauth2/v2.0/… in Authorize URL und Token URL.',
  ),
  uid_unmapped: says(
    'uid ist nichts zugeordnet: Personen wären am sub des ID-Tokens zu erkennen.',
    'Ordnen Sie uid bei Microsoft id zu, sonst sub.',
  ),
  email_unmapped: says(
    'email ist nichts zugeordnet: Konten hätten keine Adresse.',
    'Ordnen Sie es zu: bei Microsoft mail,userPrincipalName, sonst email.',
  ),
  token_mappings_missing: says(
    'Nicht zugeordnet: {missing}. Die dokumentierte Quelle hat sie, und die Kalenderfunktionen von PlaceOS suchen sie.',
    'Ordnen Sie access_token token zu, refresh_token refresh_token, expires expires, expires_at expires_at.',
  ),
  mapping_twice: says('„{target}“ gibt es zweimal; nur eines gilt.', 'Entfernen Sie eines.'),
  mapping_empty: says(
    '„{target}“ nennt keinen Schlüssel: nichts füllt es.',
    'Nennen Sie einen, oder entfernen Sie es.',
  ),
  mapping_key_twice: says('„{target}“ nennt {key} zweimal.', 'Einmal genügt.'),
  matching_comma: says(
    '„{value}“ wird als ein Wert verglichen, samt Komma.',
    'Geben Sie jeden Wert für sich ein.',
  ),
  matching_blank: says('Um „{value}“ steht ein Leerzeichen; es wird weggelassen.', 'Entfernen Sie es.'),
  host_reached: says('{host} antwortet, mit gültigem Zertifikat.'),
  host_reached_plain: says('{host} antwortet, ohne Verschlüsselung.'),
  host_denied: says(
    'Foyer darf sich nicht mit {host} verbinden.',
    'Wer Foyer betreibt, kann es erlauben (FOYER_EGRESS_ALLOW).',
  ),
  host_certificate: says(
    'Das Zertifikat von {host} ist nicht gültig.',
    'Prüfen Sie die Adresse. Bei eigener Zertifizierungsstelle: wer Foyer betreibt, nennt sie Foyer (FOYER_EGRESS_CA).',
  ),
  host_timeout: says(
    '{host} hat nicht rechtzeitig geantwortet.',
    'Prüfen Sie die Adresse, oder versuchen Sie es noch einmal.',
  ),
  host_unreachable: says('{host} ist nicht erreichbar.', 'Prüfen Sie die Adresse auf Tippfehler.'),
  clock_differs: says(
    'Die Uhren von Foyer und diesem Server weichen um {seconds} Sekunden voneinander ab: Token könnten abgelehnt werden.',
    'Wer Foyer betreibt, prüft die Zeit des Servers (NTP).',
  ),
  discovery_differs: says(
    'Das Discovery-Dokument des Anbieters nennt eine andere Adresse: {published}',
    'Verwenden Sie diese, außer die Dokumentation des Anbieters sagt anderes.',
  ),
  discovery_unread: says(
    'Das Discovery-Dokument des Anbieters ließ sich nicht lesen.',
    'Prüfen Sie Mandant oder Aussteller.',
  ),
};

/** A code that is not here is said in the server's English. */
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
