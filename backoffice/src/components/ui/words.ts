import { defineWords } from '#lib/words.ts';

export const uiWords = defineWords({
  en: {
    loading: 'Loading …',
    copy: (what: string) => `Copy: ${what}`,
    copied: 'Copied',
    cancel: 'Cancel',
    close: 'Close',
    clear: 'Clear',
    tryAgain: 'Try again',
    breadcrumbs: 'Where you are',
    error: {
      title: 'That did not work',
      unreachable: 'The server cannot be reached. Is your network up?',
      changedMeanwhile:
        'Somebody else has changed this meanwhile, so nothing was saved. Load it again, then make your change.',
      forbidden: 'You may not do that.',
      notFound: 'There is no such thing here, or not any more.',
      rateLimited: 'That was too often. Wait a minute, then try again.',
      broken: 'The server had a problem of its own. Try again; if it stays, tell whoever runs it.',
      requestId: 'For the server’s log:',
    },
    confirm: {
      type: (text: string) => `Type “${text}” to confirm`,
    },
    chart: { none: 'no data' },
    secretOnce: {
      once: 'It is shown this once. Foyer keeps only what it takes to recognise it, so nobody can look it up later.',
      stored: 'I have stored it',
      done: 'Done',
    },
  },
  de: {
    loading: 'Lädt …',
    copy: (what) => `Kopieren: ${what}`,
    copied: 'Kopiert',
    cancel: 'Abbrechen',
    close: 'Schließen',
    clear: 'Leeren',
    tryAgain: 'Noch einmal versuchen',
    breadcrumbs: 'Wo Sie sind',
    error: {
      title: 'Das hat nicht geklappt',
      unreachable: 'Der Server ist nicht erreichbar. Besteht die Netzwerkverbindung?',
      changedMeanwhile:
        'Das hat inzwischen jemand anderes geändert, darum wurde nichts gespeichert. Laden Sie es neu und ändern Sie es dann.',
      forbidden: 'Das dürfen Sie nicht.',
      notFound: 'Das gibt es hier nicht oder nicht mehr.',
      rateLimited: 'Das war zu oft. Warten Sie eine Minute und versuchen Sie es noch einmal.',
      broken:
        'Auf dem Server ist ein Fehler aufgetreten. Versuchen Sie es noch einmal; bleibt er, sagen Sie es dem, der den Server betreibt.',
      requestId: 'Für das Protokoll des Servers:',
    },
    confirm: {
      type: (text) => `Tippen Sie zur Bestätigung „${text}“`,
    },
    chart: { none: 'keine Daten' },
    secretOnce: {
      once: 'Der Wert wird nur dieses eine Mal gezeigt. Foyer behält nur, woran er zu erkennen ist; später kann ihn niemand nachschlagen.',
      stored: 'Ich habe den Wert aufbewahrt',
      done: 'Fertig',
    },
  },
});
