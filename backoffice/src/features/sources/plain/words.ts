/** What the fields of SAML and LDAP sources are for. Their names are the documented ones, in every language. */
import { defineWords } from '#lib/words.ts';
import type { PlainKind } from './plain-fields.ts';

type Help = Readonly<Record<PlainKind, Readonly<Record<string, string>>>>;

const english: Help = {
  saml: {
    name: 'People read “Continue with …” and this name.',
    issuer: 'Who Foyer is at the identity provider (the entity id).',
    idp_sso_target_url: 'Where people are sent to sign in: the provider’s SSO address for HTTP-Redirect.',
    name_identifier_format: 'What kind of name the provider shall answer with.',
    assertion_consumer_service_url: 'Where the provider posts its answer. Already right for this source.',
    idp_cert:
      'The provider’s signing certificate: paste the PEM file, or the text between its first and last line.',
    idp_cert_fingerprint:
      'Of the same certificate, as some providers show it. The whole certificate is better.',
    uid_attribute: 'The attribute that says who the person is. Empty: the NameID.',
    attribute_service_name: 'A title for the wanted attributes, in the metadata only.',
    idp_slo_target_url: 'Where signing out is told to the provider. May stay empty.',
    slo_default_relay_state: 'Where people go after that. May stay empty.',
  },
  ldap: {
    name: 'People read “Continue with …” and this name.',
    host: 'The directory server, such as dc1.corp.example.',
    port: '636 for SSL, 389 for TLS (StartTLS) and Plain.',
    auth_method: 'SSL encrypts from the start, TLS after StartTLS. Plain shows passwords to the network.',
    uid: 'The attribute that people type as their user name.',
    base: 'Where people are looked for, such as DC=corp,DC=example.',
    bind_dn: 'The account by which Foyer looks for people. Empty: anonymously.',
    password: 'Of that account. Never shown again; leave it empty to keep the stored one.',
    filter: 'Only people who fit may sign in, such as (memberOf=CN=Staff,DC=corp,DC=example).',
  },
};

const german: Help = {
  saml: {
    name: 'Zu lesen ist „Weiter mit …“ und dieser Name.',
    issuer: 'Wer Foyer beim Identitätsanbieter ist (die Entity-ID).',
    idp_sso_target_url:
      'Wohin Menschen zum Anmelden geschickt werden: die SSO-Adresse des Anbieters für HTTP-Redirect.',
    name_identifier_format: 'Mit welcher Art von Namen der Anbieter antworten soll.',
    assertion_consumer_service_url:
      'Wohin der Anbieter seine Antwort schickt. Stimmt für diese Quelle bereits.',
    idp_cert:
      'Das Signatur-Zertifikat des Anbieters: die PEM-Datei einfügen oder den Text zwischen ihrer ersten und letzten Zeile.',
    idp_cert_fingerprint:
      'Desselben Zertifikats, wie manche Anbieter ihn zeigen. Besser ist das ganze Zertifikat.',
    uid_attribute: 'Das Attribut, das sagt, wer die Person ist. Leer: die NameID.',
    attribute_service_name: 'Ein Titel der gewünschten Attribute, nur in den Metadaten.',
    idp_slo_target_url: 'Wo der Anbieter von einer Abmeldung erfährt. Darf leer bleiben.',
    slo_default_relay_state: 'Wohin es danach geht. Darf leer bleiben.',
  },
  ldap: {
    name: 'Zu lesen ist „Weiter mit …“ und dieser Name.',
    host: 'Der Verzeichnis-Server, etwa dc1.corp.example.',
    port: '636 für SSL, 389 für TLS (StartTLS) und Plain.',
    auth_method: 'SSL verschlüsselt von Anfang an, TLS nach StartTLS. Plain zeigt Passwörter dem Netz.',
    uid: 'Das Attribut, das als Benutzername eingegeben wird.',
    base: 'Wo nach Menschen gesucht wird, etwa DC=corp,DC=example.',
    bind_dn: 'Das Konto, mit dem Foyer nach Menschen sucht. Leer: anonym.',
    password: 'Dieses Kontos. Wird nie wieder angezeigt; leer lassen, um das gespeicherte zu behalten.',
    filter: 'Nur wer passt, darf sich anmelden, etwa (memberOf=CN=Staff,DC=corp,DC=example).',
  },
};

export const plainWords = defineWords({ en: { help: english }, de: { help: german } });
