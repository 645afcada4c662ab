/** Words of the screens of sources; the rooms below have their own. */
import { defineWords } from '#lib/words.ts';

export const sourceWords = defineWords({
  en: {
    list: {
      title: 'Authentication',
      description: 'The ways in which people of this domain sign in.',
      new: 'New source',
      label: 'Sources',
      name: 'Source',
      state: 'State',
      lastSuccess: 'Last sign-in',
      week: 'Last seven days',
      actions: 'Actions',
      never: 'never',
      empty: 'Nobody can sign in through a provider yet',
      emptyText:
        'A source says how people sign in: with Microsoft, Google, or any OAuth2 or OpenID Connect provider.',
      weekSummary: (name: string, ok: number, denied: number) =>
        `${name}, sign-ins of the last seven days: ${ok}, refused ${denied}`,
      default: 'Default',
      defaultHint: 'People are sent straight to it.',
      secretDays: (days: number) =>
        days < 0
          ? 'Secret has ended'
          : days === 0
            ? 'Secret ends today'
            : days === 1
              ? 'Secret ends tomorrow'
              : `Secret ends in ${days} days`,
      people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
      edit: (name: string) => `Edit ${name}`,
      more: (name: string) => `More for ${name}`,
      duplicate: 'Duplicate',
      disable: 'Disable',
      enable: 'Enable',
      makeDefault: 'Make default',
      endDefault: 'No longer the default',
      delete: 'Delete',
    },
    kinds: { oauth2: 'OAuth2 / OpenID Connect', saml: 'SAML 2.0', ldap: 'LDAP' },
    states: {
      draft: 'Draft',
      tested: 'Tested, not offered yet',
      live: 'Live',
      failing: 'Failing',
      disabled: 'Disabled',
    },
    noSignInYet: 'Shown, but nobody can sign in through it yet',
    failingSince: 'failing since',
    testedBy: (name: string) => `tested by ${name}`,
    notTested: 'not tested as it is now',
    copyOf: (name: string) => `${name} (copy)`,
    duplicated: 'Duplicated as a draft, without its secrets',
    duplicateText:
      'The copy has the same settings, but neither secrets nor people. It is a draft: nobody is offered it.',
    enableText: 'People are offered it at sign-in again.',
    enabled: 'Enabled: it is offered at sign-in',
    disabled: 'Disabled: nobody is offered it',
    deleted: 'Deleted',
    published: 'Published: it is offered at sign-in',
    savedTested: 'Saved, and noted as tested',
    saved: 'Saved',
    remove: {
      title: (name: string) => `Delete “${name}”?`,
      text: 'Its settings, secrets and versions go, and so do the connections of people with it. This cannot be undone.',
      callback: 'A new source would have another callback address.',
      nobody: 'Nobody has signed in through it.',
      users: (count: number) =>
        count === 1 ? '1 person has signed in through it.' : `${count} people have signed in through it.`,
      onlyWay: (count: number) =>
        count === 1
          ? '1 person has no other way in and would be locked out:'
          : `${count} people have no other way in and would be locked out:`,
      more: (count: number) => `and ${count} more`,
      isDefault: 'It is the default: people will see the sign-in page instead.',
      others: (count: number) =>
        count === 0
          ? 'No other source is enabled.'
          : count === 1
            ? '1 other source is enabled.'
            : `${count} other sources are enabled.`,
      action: 'Delete source',
    },
    disableQuestion: {
      title: (name: string) => `Disable “${name}”?`,
      text: 'It is not offered any more, and sign-ins under way end. If people go straight to it, they get the sign-in page again. You can enable it again.',
      action: 'Disable',
    },
    default: {
      title: (name: string) => `Send everybody straight to “${name}”?`,
      text: 'People no longer see the sign-in page first. This can be taken back at any time.',
      page: 'The sign-in page stays at',
      tested: 'This very version has passed a dry run.',
      notTested: 'This version has not passed a dry run.',
      goTest: 'Try it now',
      breakGlass: (names: string) => `Can get in without it: ${names}.`,
      noBreakGlass:
        'No administrator can get in without it. Give one a local password and mark the account as break-glass.',
      goUsers: 'Open the users',
      notEnabled: 'It is not offered yet: publish it first.',
      override: 'Do it all the same',
      overrideHint: 'What is missing and the reason are written to the audit log.',
      reason: 'Reason',
      action: 'Make default',
      done: 'People are now sent straight to it',
      ended: 'People see the sign-in page again',
      endText: 'People then see the sign-in page again, with every live source. This one stays live.',
    },
    new: {
      title: 'New source',
      titleOf: (vendor: string) => `New source: ${vendor}`,
      choose: 'With what do people sign in?',
      chooseText: 'The choice fills in what is known. Every value is shown and can be changed.',
      later: 'sign-in comes later',
      reserving: 'Reserving an id …',
      reserved: 'Its id is reserved, so the callback address is final. Nothing is saved yet.',
      another: 'Choose another',
      saveDraft: 'Save as draft',
      draftSaved: 'Saved as a draft: nobody is offered it yet',
      publishUntested: 'Publish without a test',
      checkNow: 'Check everything, hosts included',
      checking: 'Asking the hosts …',
      checked: 'Checked',
      whole: 'Source as a whole',
    },
    edit: {
      back: 'Authentication',
      tabs: {
        settings: 'Settings',
        try: 'Try it',
        versions: 'Versions',
        secrets: 'Secrets',
        recorder: 'Flight recorder',
      },
      tabsLabel: 'Parts of the source',
      publish: 'Publish',
      save: 'Save',
      discard: 'Discard changes',
      unsaved: 'Not saved yet',
      changedText: 'Nothing was saved. Load it again to see their change; what you typed here is lost then.',
      addresses: 'Its addresses',
      callback: 'Callback address',
      callbackPath: 'Callback address with the id in the path',
      loginUrl: 'Address that begins a sign-in',
      entityId: 'Entity ID',
      acsUrl: 'Assertion Consumer Service URL',
      id: 'Source ID',
      testNoted: 'Noted: this version is tested',
      version: (version: number) => `Version ${version}`,
      tested: 'tested',
      liveChange: 'This source is live: what you save counts from the next sign-in.',
      comesLater:
        'This kind of source is stored and checked. Signing in through it comes with a later version of Foyer; until then, whoever tries is told so, and there is nothing to try here.',
    },
  },
  de: {
    list: {
      title: 'Anmeldung',
      description: 'Die Wege, auf denen sich Personen dieser Domäne anmelden.',
      new: 'Neue Quelle',
      label: 'Quellen',
      name: 'Quelle',
      state: 'Zustand',
      lastSuccess: 'Letzte Anmeldung',
      week: 'Letzte sieben Tage',
      actions: 'Aktionen',
      never: 'nie',
      empty: 'Noch kann sich niemand über einen Anbieter anmelden',
      emptyText:
        'Eine Quelle sagt, wie Personen sich anmelden: mit Microsoft, Google oder irgendeinem Anbieter mit OAuth2 oder OpenID Connect.',
      weekSummary: (name: string, ok: number, denied: number) =>
        `${name}, Anmeldungen der letzten sieben Tage: ${ok}, abgelehnt ${denied}`,
      default: 'Standard',
      defaultHint: 'Personen werden gleich dorthin geschickt.',
      secretDays: (days: number) =>
        days < 0
          ? 'Geheimnis ist abgelaufen'
          : days === 0
            ? 'Geheimnis endet heute'
            : days === 1
              ? 'Geheimnis endet morgen'
              : `Geheimnis endet in ${days} Tagen`,
      people: (count: number) => (count === 1 ? '1 Person' : `${count} Personen`),
      edit: (name: string) => `${name} bearbeiten`,
      more: (name: string) => `Mehr zu ${name}`,
      duplicate: 'Duplizieren',
      disable: 'Abschalten',
      enable: 'Einschalten',
      makeDefault: 'Zum Standard machen',
      endDefault: 'Nicht mehr der Standard',
      delete: 'Löschen',
    },
    kinds: { oauth2: 'OAuth2 / OpenID Connect', saml: 'SAML 2.0', ldap: 'LDAP' },
    states: {
      draft: 'Entwurf',
      tested: 'Getestet, noch nicht angeboten',
      live: 'In Betrieb',
      failing: 'Gestört',
      disabled: 'Abgeschaltet',
    },
    noSignInYet: 'Gezeigt, aber noch kann sich niemand darüber anmelden',
    failingSince: 'gestört seit',
    testedBy: (name: string) => `getestet von ${name}`,
    notTested: 'so, wie sie jetzt ist, nicht getestet',
    copyOf: (name: string) => `${name} (Kopie)`,
    duplicated: 'Als Entwurf dupliziert, ohne die Geheimnisse',
    duplicateText:
      'Die Kopie hat dieselben Einstellungen, aber weder Geheimnisse noch Personen. Sie ist ein Entwurf: sie wird niemandem angeboten.',
    enableText: 'Sie wird bei der Anmeldung wieder angeboten.',
    enabled: 'Eingeschaltet: sie wird bei der Anmeldung angeboten',
    disabled: 'Abgeschaltet: sie wird niemandem angeboten',
    deleted: 'Gelöscht',
    published: 'Veröffentlicht: sie wird bei der Anmeldung angeboten',
    savedTested: 'Gespeichert und als getestet vermerkt',
    saved: 'Gespeichert',
    remove: {
      title: (name: string) => `„${name}“ löschen?`,
      text: 'Einstellungen, Geheimnisse und Fassungen verschwinden, ebenso die Verbindungen der Personen damit. Das lässt sich nicht rückgängig machen.',
      callback: 'Eine neue Quelle hätte eine andere Callback-Adresse.',
      nobody: 'Niemand hat sich darüber angemeldet.',
      users: (count: number) =>
        count === 1
          ? '1 Person hat sich darüber angemeldet.'
          : `${count} Personen haben sich darüber angemeldet.`,
      onlyWay: (count: number) =>
        count === 1
          ? '1 Person hat keinen anderen Weg und wäre ausgesperrt:'
          : `${count} Personen haben keinen anderen Weg und wären ausgesperrt:`,
      more: (count: number) => `und ${count} weitere`,
      isDefault: 'Sie ist der Standard: danach sehen alle wieder die Anmeldeseite.',
      others: (count: number) =>
        count === 0
          ? 'Keine andere Quelle ist eingeschaltet.'
          : count === 1
            ? '1 andere Quelle ist eingeschaltet.'
            : `${count} andere Quellen sind eingeschaltet.`,
      action: 'Quelle löschen',
    },
    disableQuestion: {
      title: (name: string) => `„${name}“ abschalten?`,
      text: 'Sie wird nicht mehr angeboten, und laufende Anmeldungen enden. Wer bisher direkt zu ihr kam, sieht wieder die Anmeldeseite. Sie lässt sich wieder einschalten.',
      action: 'Abschalten',
    },
    default: {
      title: (name: string) => `Alle gleich zu „${name}“ schicken?`,
      text: 'Personen sehen dann nicht mehr zuerst die Anmeldeseite. Das lässt sich jederzeit zurücknehmen.',
      page: 'Die Anmeldeseite bleibt unter',
      tested: 'Genau diese Fassung hat einen Probelauf bestanden.',
      notTested: 'Diese Fassung hat keinen Probelauf bestanden.',
      goTest: 'Jetzt ausprobieren',
      breakGlass: (names: string) => `Kommt auch ohne sie hinein: ${names}.`,
      noBreakGlass:
        'Kein Administrator kommt ohne sie hinein. Geben Sie einem ein lokales Passwort und kennzeichnen Sie das Konto als Notzugang.',
      goUsers: 'Zu den Benutzern',
      notEnabled: 'Sie wird noch nicht angeboten: erst veröffentlichen.',
      override: 'Trotzdem tun',
      overrideHint: 'Was fehlt und der Grund kommen ins Protokoll.',
      reason: 'Grund',
      action: 'Zum Standard machen',
      done: 'Personen werden jetzt gleich dorthin geschickt',
      ended: 'Personen sehen wieder die Anmeldeseite',
      endText: 'Personen sehen dann wieder die Anmeldeseite mit allen aktiven Quellen. Diese bleibt aktiv.',
    },
    new: {
      title: 'Neue Quelle',
      titleOf: (vendor: string) => `Neue Quelle: ${vendor}`,
      choose: 'Womit melden sich Personen an?',
      chooseText: 'Die Wahl trägt ein, was bekannt ist. Jeder Wert wird gezeigt und lässt sich ändern.',
      later: 'Anmeldung folgt später',
      reserving: 'Eine ID wird reserviert …',
      reserved: 'Die ID ist reserviert, die Callback-Adresse also endgültig. Gespeichert ist noch nichts.',
      another: 'Andere wählen',
      saveDraft: 'Als Entwurf speichern',
      draftSaved: 'Als Entwurf gespeichert: noch wird sie niemandem angeboten',
      publishUntested: 'Ohne Test veröffentlichen',
      checkNow: 'Alles prüfen, auch die Server',
      checking: 'Die Server werden gefragt …',
      checked: 'Geprüft',
      whole: 'Quelle als Ganzes',
    },
    edit: {
      back: 'Anmeldung',
      tabs: {
        settings: 'Einstellungen',
        try: 'Ausprobieren',
        versions: 'Fassungen',
        secrets: 'Geheimnisse',
        recorder: 'Flugschreiber',
      },
      tabsLabel: 'Teile der Quelle',
      publish: 'Veröffentlichen',
      save: 'Speichern',
      discard: 'Änderungen verwerfen',
      unsaved: 'Noch nicht gespeichert',
      changedText:
        'Nichts wurde gespeichert. Laden Sie sie neu, um die Änderung zu sehen; Ihre Eingaben gehen dann verloren.',
      addresses: 'Ihre Adressen',
      callback: 'Callback-Adresse',
      callbackPath: 'Callback-Adresse mit der ID im Pfad',
      loginUrl: 'Adresse, die eine Anmeldung beginnt',
      entityId: 'Entity-ID',
      acsUrl: 'Assertion-Consumer-Service-URL',
      id: 'ID der Quelle',
      testNoted: 'Vermerkt: diese Fassung ist getestet',
      version: (version: number) => `Fassung ${version}`,
      tested: 'getestet',
      liveChange: 'Diese Quelle ist in Betrieb: was Sie speichern, gilt ab der nächsten Anmeldung.',
      comesLater:
        'Diese Art von Quelle wird gespeichert und geprüft. Die Anmeldung darüber kommt mit einer späteren Version von Foyer; bis dahin erfährt das, wer es versucht, und auszuprobieren gibt es hier nichts.',
    },
  },
});
