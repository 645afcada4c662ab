import { defineWords } from '#lib/words.ts';

/** A value in a sentence. */
const shownAs = (value: unknown, [on, off, nothing]: readonly [string, string, string]): string => {
  if (typeof value === 'boolean') return value ? on : off;
  if (value === '' || value === undefined || value === null) return nothing;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string'))
    return value.join(', ') || nothing;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `“${text.length > 200 ? `${text.slice(0, 200)} …` : text}”`;
};

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
    password: { show: 'Show the password', hide: 'Hide the password' },
    meanwhile: {
      title: 'This has changed meanwhile',
      text: 'Somebody else has saved it since you opened it, or you did in another window. What you typed is still here, and not saved.',
      join: 'Show the newer values, keep what I typed',
      joined:
        'The newer values are in the form, and what you typed is kept. Where both of you changed the same field, it says what is stored now. Look it through, then save.',
      stored: (value: unknown) =>
        `Somebody else has stored here meanwhile: ${shownAs(value, ['on', 'off', 'nothing'])}. Saving puts yours in its place.`,
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
    password: { show: 'Passwort zeigen', hide: 'Passwort verbergen' },
    meanwhile: {
      title: 'Das hat sich inzwischen geändert',
      text: 'Seit Sie es geöffnet haben, hat es jemand anderes gespeichert, oder Sie in einem anderen Fenster. Was Sie eingegeben haben, steht noch hier und ist nicht gespeichert.',
      join: 'Neuere Werte zeigen, meine Eingaben behalten',
      joined:
        'Die neueren Werte stehen im Formular, Ihre Eingaben sind geblieben. Wo beide dasselbe Feld geändert haben, steht dabei, was jetzt gespeichert ist. Sehen Sie es durch und speichern Sie dann.',
      stored: (value) =>
        `Jemand anderes hat hier inzwischen gespeichert: ${shownAs(value, ['an', 'aus', 'nichts'])}. Beim Speichern tritt Ihr Wert an seine Stelle.`,
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
