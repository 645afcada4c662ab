/** What to do at the vendor. Names of menus stand as the vendor's own pages have them. */
import { defineWords } from '#lib/words.ts';

export const vendorWords = defineWords({
  en: {
    title: (vendor: string) => `At ${vendor}`,
    other: 'your provider',
    intro: 'A step ticks itself when a dry run has shown that it is right; consent, as soon as it was given.',
    done: 'done',
    open: 'not shown yet',
    goThere: 'Open this page',
    copies: {
      callback: 'Callback address',
      callback_path: 'The same with the id in the path, if a query is refused',
      scopes: 'Permission',
      consent: 'Consent link',
    },
    copyAllScopes: 'Copy all permissions',
    waitsForClientId: 'The link appears when tenant and client id are there.',
    titles: {
      register: 'Register Foyer as an application',
      redirect_uri: 'Enter the callback address',
      secret: 'Make a client secret',
      permissions: 'Add the permissions',
      consent: 'Consent for everybody',
      refresh: 'Let a refresh token come',
    },
    texts: {
      microsoft: {
        register:
          'App registrations → New registration: any name, “Accounts in this organizational directory only”. Then copy “Application (client) ID” and “Directory (tenant) ID”.',
        redirect_uri:
          'Authentication → Add a platform → Web (not “Single-page application”): exactly this address.',
        secret:
          'Certificates & secrets → New client secret. Copy the “Value” at once, not the “Secret ID”: it is hidden afterwards. Choose the same end in the form.',
        permissions: 'API permissions → Add a permission → Microsoft Graph → Delegated permissions.',
        consent:
          '“Grant admin consent”, or send this link to somebody who administers the tenant. Microsoft ends on a page of Foyer that says how it went.',
        refresh: 'Nothing to do: offline_access in the scope brings it.',
      },
      google: {
        register:
          'Google Auth Platform: audience “Internal”. Clients → Create client → Web application. Copy client id and secret.',
        redirect_uri: 'Authorised redirect URIs: exactly this address.',
        secret: 'The client secret is shown once when the client is made.',
        permissions: 'Data access: add the scopes.',
        consent: '',
        refresh: 'access_type=offline and prompt=consent bring it; both are filled in.',
      },
      b2c: {
        register:
          'Azure portal, in the directory of the B2C tenant: Azure AD B2C → App registrations → New registration.',
        redirect_uri: 'Platform Web: exactly this address. B2C takes no query, so the id stands in the path.',
        secret: 'Certificates & secrets → New client secret: copy the “Value”.',
        permissions: '',
        consent: '',
        refresh: 'Nothing to do: offline_access in the scope brings it.',
      },
      github: {
        register: 'Settings → Developer settings → OAuth Apps → New OAuth app.',
        redirect_uri: 'Authorization callback URL: exactly this address.',
        secret: 'Generate a new client secret and copy it at once.',
        permissions: '',
        consent: '',
        refresh: '',
      },
      other: {
        register: 'A confidential web application with the authorization code flow. Copy its client id.',
        redirect_uri: 'Redirect URI: exactly this address.',
        secret: 'Copy the client secret when it is shown.',
        permissions: 'Let the application ask for these scopes.',
        consent: '',
        refresh:
          'Usually offline_access in the scope, and a switch at the application; some providers want prompt=consent among the Authorize Params as well.',
      },
    },
  },
  de: {
    title: (vendor: string) => `Bei ${vendor}`,
    other: 'Ihrem Anbieter',
    intro:
      'Ein Schritt hakt sich selbst ab, sobald ein Probelauf gezeigt hat, dass er stimmt; die Zustimmung, sobald sie erteilt ist.',
    done: 'erledigt',
    open: 'noch nicht gezeigt',
    goThere: 'Diese Seite öffnen',
    copies: {
      callback: 'Callback-Adresse',
      callback_path: 'Dieselbe mit der ID im Pfad, falls ein Query abgelehnt wird',
      scopes: 'Berechtigung',
      consent: 'Zustimmungs-Link',
    },
    copyAllScopes: 'Alle Berechtigungen kopieren',
    waitsForClientId: 'Der Link erscheint, sobald Mandant und Client-ID da sind.',
    titles: {
      register: 'Foyer als Anwendung registrieren',
      redirect_uri: 'Die Callback-Adresse eintragen',
      secret: 'Ein Client-Geheimnis anlegen',
      permissions: 'Die Berechtigungen hinzufügen',
      consent: 'Für alle zustimmen',
      refresh: 'Ein Refresh-Token kommen lassen',
    },
    texts: {
      microsoft: {
        register:
          'App-Registrierungen → Neue Registrierung: beliebiger Name, „Nur Konten in diesem Organisationsverzeichnis“. Dann „Anwendungs-ID (Client)“ und „Verzeichnis-ID (Mandant)“ kopieren.',
        redirect_uri:
          'Authentifizierung → Plattform hinzufügen → Web (nicht „Single-Page-Anwendung“): genau diese Adresse.',
        secret:
          'Zertifikate & Geheimnisse → Neuer geheimer Clientschlüssel. Sofort den „Wert“ kopieren, nicht die „Geheimnis-ID“: später ist er verborgen. Dasselbe Ende im Formular wählen.',
        permissions:
          'API-Berechtigungen → Berechtigung hinzufügen → Microsoft Graph → Delegierte Berechtigungen.',
        consent:
          '„Administratorzustimmung erteilen“, oder diesen Link an jemanden senden, der den Mandanten verwaltet. Microsoft endet auf einer Seite von Foyer, die sagt, wie es ausging.',
        refresh: 'Nichts zu tun: offline_access im Scope bringt es.',
      },
      google: {
        register:
          'Google Auth Platform: Zielgruppe „Intern“. Clients → Client erstellen → Webanwendung. Client-ID und Geheimnis kopieren.',
        redirect_uri: 'Autorisierte Weiterleitungs-URIs: genau diese Adresse.',
        secret: 'Das Geheimnis wird einmal angezeigt, wenn der Client entsteht.',
        permissions: 'Datenzugriff: die Scopes hinzufügen.',
        consent: '',
        refresh: 'access_type=offline und prompt=consent bringen es; beide sind eingetragen.',
      },
      b2c: {
        register:
          'Azure-Portal, im Verzeichnis des B2C-Mandanten: Azure AD B2C → App-Registrierungen → Neue Registrierung.',
        redirect_uri: 'Plattform Web: genau diese Adresse. B2C nimmt kein Query, darum steht die ID im Pfad.',
        secret: 'Zertifikate & Geheimnisse → Neuer geheimer Clientschlüssel: den „Wert“ kopieren.',
        permissions: '',
        consent: '',
        refresh: 'Nichts zu tun: offline_access im Scope bringt es.',
      },
      github: {
        register: 'Settings → Developer settings → OAuth Apps → New OAuth app.',
        redirect_uri: 'Authorization callback URL: genau diese Adresse.',
        secret: 'Ein neues Client-Geheimnis erzeugen und sofort kopieren.',
        permissions: '',
        consent: '',
        refresh: '',
      },
      other: {
        register: 'Eine vertrauliche Web-Anwendung mit Authorization-Code-Flow. Ihre Client-ID kopieren.',
        redirect_uri: 'Redirect-URI: genau diese Adresse.',
        secret: 'Das Client-Geheimnis kopieren, wenn es angezeigt wird.',
        permissions: 'Die Anwendung um diese Scopes bitten lassen.',
        consent: '',
        refresh:
          'Meist offline_access im Scope und ein Schalter bei der Anwendung; manche Anbieter verlangen auch prompt=consent unter den Authorize Params.',
      },
    },
  },
});
