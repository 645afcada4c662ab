import { defineWords } from '#lib/words.ts';

export const formWords = defineWords({
  en: {
    save: 'Save',
    saved: 'Saved',
    discard: 'Discard changes',
    unsaved: 'Not saved yet',
    notSaved: 'It was not saved',
    leave: {
      title: 'Leave without saving?',
      text: 'What you changed on this page is not saved and would be lost.',
      stay: 'Stay here',
      go: 'Leave, lose changes',
    },
    units: { minutes: 'minutes', hours: 'hours', days: 'days', of: (label: string) => `${label}: unit` },
    json: {
      broken: (line: number, column: number, found: string) =>
        found === ''
          ? `Not complete: it ends at line ${line}, column ${column}, where more is expected`
          : `Not JSON: see line ${line}, column ${column}, at “${found}”`,
      noObject: 'Must be an object: { … }',
      format: 'Format',
    },
  },
  de: {
    save: 'Speichern',
    saved: 'Gespeichert',
    discard: 'Änderungen verwerfen',
    unsaved: 'Noch nicht gespeichert',
    notSaved: 'Es wurde nicht gespeichert',
    leave: {
      title: 'Verlassen ohne zu speichern?',
      text: 'Was Sie auf dieser Seite geändert haben, ist nicht gespeichert und ginge verloren.',
      stay: 'Hier bleiben',
      go: 'Verlassen, Änderungen verlieren',
    },
    units: { minutes: 'Minuten', hours: 'Stunden', days: 'Tage', of: (label) => `${label}: Einheit` },
    json: {
      broken: (line, column, found) =>
        found === ''
          ? `Nicht vollständig: endet in Zeile ${line}, Spalte ${column}, wo noch etwas kommen muss`
          : `Kein JSON: Zeile ${line}, Spalte ${column}, bei „${found}“`,
      noObject: 'Muss ein Objekt sein: { … }',
      format: 'Formatieren',
    },
  },
});
