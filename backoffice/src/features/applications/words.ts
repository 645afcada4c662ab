import { defineWords } from '#lib/words.ts';

export const applicationWords = defineWords({
  en: {
    title: 'Applications',
    intro:
      'What people sign in to with Foyer. Each application is a client of this domain’s OAuth 2 and OpenID Connect provider.',
    add: 'New application',
    search: 'Search applications',
    none: 'No applications yet',
    noneText:
      'Register an application, and it gets a client id with which it can send people here to sign in.',
    own: 'This console',
    ownText:
      'Foyer made this application for the console you are looking at. Without it nobody of this domain gets in here; leave it as it is.',
    columns: {
      name: 'Name',
      clientId: 'Client id',
      redirect: 'Redirect URI',
      consent: 'Consent',
      kind: 'Kind',
      legacy: 'Legacy',
    },
    more: (count: number) => `and ${count} more`,
    trusted: 'Trusted',
    asks: 'Asks',
    confidential: 'Confidential',
    public: 'Public',
    weakened: (count: number) => (count === 1 ? '1 legacy switch' : `${count} legacy switches`),
    create: 'Create application',
    created: (name: string) => `${name} is registered`,
    form: {
      basics: 'The application',
      name: 'Name',
      nameHint: 'People see it when they are asked for their consent.',
      redirect: 'Redirect URIs',
      redirectHint:
        'Where people are sent back to, letter for letter as the application sends it. Several: one a line; the first one makes the client id.',
      flaws: {
        none: 'Say at least one address',
        not_a_url: (uri: string) => `Not a whole web address: ${uri}`,
        fragment: (uri: string) => `Must not have a part behind #: ${uri}`,
        scheme: (uri: string) =>
          `Must begin with https://, http:// or an app’s scheme such as com.example.app: ${uri}`,
        credentials: (uri: string) => `Must not have a name or password in it: ${uri}`,
      },
      scopes: 'Scopes',
      scopesHint:
        'What it may ask for at most. “public” is what most applications need. Type one, then Enter.',
      kind: 'Can it keep a secret?',
      public: 'No: it runs in browsers or on phones',
      publicHint: 'Proves itself by PKCE; its secret is not needed.',
      confidential: 'Yes: it runs on a server',
      confidentialHint: 'Must send its secret whenever it fetches tokens.',
      consent: 'When somebody signs in to it',
      ask: 'Ask them for their consent, once',
      askHint: 'Right for applications of others.',
      trusted: 'Trusted: do not ask',
      trustedHint: 'Right for your own applications.',
      required: 'Say a name',
    },
    clientIdMoves: {
      title: 'The client id changes with the first redirect URI',
      text: 'Applications built on the PlaceOS client compute their client id from their redirect URI, so normally both change together. An application that was told its client id would lose its way in: keep the old one for it.',
      keep: 'Keep the client id as it is',
    },
    legacy: {
      title: 'For old clients',
      intro:
        'Each of these weakens the sign-in of this application. They are off unless an old client cannot do without; turning one on is noted in the audit log.',
      weakens: 'Weakens:',
      needed: 'Needed for:',
      implicit: {
        label: 'Tokens in the redirect (implicit grant)',
        weakens:
          'tokens travel in the address, where the browser’s history, other scripts and logs see them.',
        needed:
          'browser apps that ask with response_type=token, such as older PlaceOS clients that are not “trusted”.',
      },
      password: {
        label: 'Passwords sent by the application (password grant)',
        weakens: 'the application sees people’s passwords, and no source but the local one can be used.',
        needed:
          'scripts and devices that sign in with a stored name and password. Use an API key instead where you can.',
      },
      no_pkce: {
        label: 'Authorization codes without PKCE',
        weakens: 'a code that somebody else catches can be turned into tokens.',
        needed: 'clients older than PKCE, such as the PlaceOS client with trust=true.',
      },
      query_secrets: {
        label: 'Secrets in the address of the token request',
        weakens: 'secrets and refresh tokens end up in the logs of every proxy on the way.',
        needed:
          'clients that POST to the token endpoint with everything in the query, as the PlaceOS client does with its refresh token.',
      },
    },
    detail: {
      forTheApp: 'What the application needs',
      forTheAppText:
        'Copy these into the application’s settings. A library that speaks OpenID Connect needs the discovery address only.',
      clientId: 'Client id',
      redirect: (number: number) => (number === 1 ? 'Redirect URI' : `Redirect URI ${number}`),
      discovery: 'Discovery',
      authorize: 'Authorize URL',
      token: 'Token URL',
      signOut: 'Sign-out URL',
      settings: 'Settings',
      saved: 'Saved',
      created: 'Registered',
      updated: 'Last change',
    },
    secret: {
      title: 'Secret',
      label: 'Client secret',
      text: 'Nobody can see the secret again. A new one can be made at any time: the present one keeps working beside it until you end it, so the application can be changed over without a gap.',
      publicText:
        'This application is public and needs no secret. If it becomes confidential, make one here.',
      rotate: 'Make a new secret',
      retire: 'End old secrets',
      newTitle: (name: string) => `The new secret of ${name}`,
      retireTitle: 'End the old secrets?',
      retireText:
        'Only the newest secret works then. An application that still uses an older one can fetch no tokens from that moment on.',
      retired: 'Only the newest secret works now',
      rotated: 'Two secrets work now. When the application uses the new one, end the old one.',
    },
    remove: {
      title: 'Delete',
      text: 'The application can sign nobody in from then on; its tokens and everybody’s consent to it end at once.',
      ownText:
        'This is the application of the console itself: nobody of this domain could sign in here until Foyer makes it anew.',
      button: 'Delete application',
      question: (name: string) => `Delete ${name}?`,
      done: (name: string) => `${name} is deleted`,
    },
  },
  de: {
    title: 'Anwendungen',
    intro:
      'Wozu sich Personen mit Foyer anmelden. Jede Anwendung ist ein Client des OAuth-2- und OpenID-Connect-Anbieters dieser Domäne.',
    add: 'Neue Anwendung',
    search: 'Anwendungen suchen',
    none: 'Noch keine Anwendungen',
    noneText:
      'Tragen Sie eine Anwendung ein: Sie bekommt eine Client-ID, mit der sie Personen zur Anmeldung herschicken kann.',
    own: 'Diese Konsole',
    ownText:
      'Diese Anwendung hat Foyer für die Konsole angelegt, die Sie gerade sehen. Ohne sie kommt niemand aus dieser Domäne hier hinein; lassen Sie sie, wie sie ist.',
    columns: {
      name: 'Name',
      clientId: 'Client-ID',
      redirect: 'Redirect-URI',
      consent: 'Zustimmung',
      kind: 'Art',
      legacy: 'Altlasten',
    },
    more: (count) => `und ${count} weitere`,
    trusted: 'Vertraut',
    asks: 'Fragt',
    confidential: 'Vertraulich',
    public: 'Öffentlich',
    weakened: (count) => (count === 1 ? '1 Altlast' : `${count} Altlasten`),
    create: 'Anwendung anlegen',
    created: (name) => `${name} ist eingetragen`,
    form: {
      basics: 'Die Anwendung',
      name: 'Name',
      nameHint: 'Personen sehen ihn, wenn sie um ihre Zustimmung gebeten werden.',
      redirect: 'Redirect-URIs',
      redirectHint:
        'Wohin Personen zurückgeschickt werden, Zeichen für Zeichen wie die Anwendung sie sendet. Mehrere: je Zeile eine; aus der ersten entsteht die Client-ID.',
      flaws: {
        none: 'Nennen Sie mindestens eine Adresse',
        not_a_url: (uri) => `Keine vollständige Webadresse: ${uri}`,
        fragment: (uri) => `Darf keinen Teil hinter # haben: ${uri}`,
        scheme: (uri) =>
          `Muss mit https://, http:// oder dem Schema einer App wie com.example.app beginnen: ${uri}`,
        credentials: (uri) => `Darf weder Namen noch Passwort enthalten: ${uri}`,
      },
      scopes: 'Scopes',
      scopesHint:
        'Worum sie höchstens bitten darf. Den meisten Anwendungen genügt „public“. Eintippen, dann Eingabetaste.',
      kind: 'Kann sie ein Geheimnis bewahren?',
      public: 'Nein: sie läuft im Browser oder auf Telefonen',
      publicHint: 'Weist sich durch PKCE aus; ihr Geheimnis wird nicht gebraucht.',
      confidential: 'Ja: sie läuft auf einem Server',
      confidentialHint: 'Muss ihr Geheimnis senden, wann immer sie Token holt.',
      consent: 'Wenn sich jemand bei ihr anmeldet',
      ask: 'Einmal um Zustimmung bitten',
      askHint: 'Richtig für Anwendungen von anderen.',
      trusted: 'Vertraut: nicht fragen',
      trustedHint: 'Richtig für eigene Anwendungen.',
      required: 'Nennen Sie einen Namen',
    },
    clientIdMoves: {
      title: 'Mit der ersten Redirect-URI ändert sich die Client-ID',
      text: 'Anwendungen auf dem PlaceOS-Client berechnen ihre Client-ID aus ihrer Redirect-URI; darum ändern sich sonst beide zusammen. Eine Anwendung, der die Client-ID gesagt wurde, käme dann nicht mehr hinein: Behalten Sie für sie die alte.',
      keep: 'Die Client-ID so lassen, wie sie ist',
    },
    legacy: {
      title: 'Für alte Clients',
      intro:
        'Jeder dieser Schalter schwächt die Anmeldung dieser Anwendung. Sie sind aus, wenn nicht ein alter Client sie braucht; das Einschalten wird im Protokoll vermerkt.',
      weakens: 'Schwächt:',
      needed: 'Nötig für:',
      implicit: {
        label: 'Token in der Weiterleitung (Implicit Grant)',
        weakens: 'Token stehen in der Adresse, wo Verlauf, andere Skripte und Protokolle sie sehen.',
        needed:
          'Browser-Anwendungen, die mit response_type=token fragen, etwa ältere PlaceOS-Clients, die nicht „trusted“ sind.',
      },
      password: {
        label: 'Passwörter durch die Anwendung (Password Grant)',
        weakens: 'die Anwendung sieht die Passwörter, und nur lokale Konten können sich so anmelden.',
        needed:
          'Skripte und Geräte, die sich mit gespeichertem Namen und Passwort anmelden. Wo es geht, nehmen Sie einen API-Schlüssel.',
      },
      no_pkce: {
        label: 'Autorisierungscodes ohne PKCE',
        weakens: 'ein Code, den jemand abfängt, lässt sich gegen Token tauschen.',
        needed: 'Clients, die älter sind als PKCE, etwa der PlaceOS-Client mit trust=true.',
      },
      query_secrets: {
        label: 'Geheimnisse in der Adresse der Token-Anfrage',
        weakens: 'Geheimnisse und Refresh-Token landen in den Protokollen jedes Proxys auf dem Weg.',
        needed:
          'Clients, die dem Token-Endpunkt alles in der Adresse senden, wie der PlaceOS-Client sein Refresh-Token.',
      },
    },
    detail: {
      forTheApp: 'Was die Anwendung braucht',
      forTheAppText:
        'Übertragen Sie dies in die Einstellungen der Anwendung. Einer Bibliothek für OpenID Connect genügt die Discovery-Adresse.',
      clientId: 'Client-ID',
      redirect: (number) => (number === 1 ? 'Redirect-URI' : `Redirect-URI ${number}`),
      discovery: 'Discovery',
      authorize: 'Authorize-URL',
      token: 'Token-URL',
      signOut: 'Abmelde-URL',
      settings: 'Einstellungen',
      saved: 'Gespeichert',
      created: 'Eingetragen',
      updated: 'Letzte Änderung',
    },
    secret: {
      title: 'Geheimnis',
      label: 'Client-Geheimnis',
      text: 'Niemand kann das Geheimnis noch einmal sehen. Ein neues lässt sich jederzeit erzeugen: Das bisherige gilt daneben weiter, bis Sie es beenden, so dass die Anwendung ohne Lücke umgestellt werden kann.',
      publicText:
        'Diese Anwendung ist öffentlich und braucht kein Geheimnis. Wird sie vertraulich, erzeugen Sie hier eins.',
      rotate: 'Neues Geheimnis erzeugen',
      retire: 'Alte Geheimnisse beenden',
      newTitle: (name) => `Das neue Geheimnis von ${name}`,
      retireTitle: 'Die alten Geheimnisse beenden?',
      retireText:
        'Dann gilt nur noch das neueste. Eine Anwendung, die noch ein älteres benutzt, bekommt von da an keine Token mehr.',
      retired: 'Jetzt gilt nur noch das neueste Geheimnis',
      rotated: 'Jetzt gelten zwei Geheimnisse. Benutzt die Anwendung das neue, beenden Sie das alte.',
    },
    remove: {
      title: 'Löschen',
      text: 'Von da an kann die Anwendung niemanden mehr anmelden; ihre Token und alle Zustimmungen zu ihr enden sofort.',
      ownText:
        'Dies ist die Anwendung der Konsole selbst: Niemand aus dieser Domäne könnte sich hier anmelden, bis Foyer sie neu anlegt.',
      button: 'Anwendung löschen',
      question: (name) => `${name} löschen?`,
      done: (name) => `${name} ist gelöscht`,
    },
  },
});
