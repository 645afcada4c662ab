import { defineWords } from '#lib/words.ts';

export const tableWords = defineWords({
  en: {
    search: 'Search',
    clear: 'Clear the search',
    pages: 'Pages',
    page: (number: number) => `Page ${number}`,
    next: 'Next page',
    previous: 'Previous page',
    range: (from: string, to: string, total: string) => `${from}–${to} of ${total}`,
    nothing: 'Nothing was found',
    nothingFor: (search: string) => `Nothing matches “${search}”.`,
  },
  de: {
    search: 'Suchen',
    clear: 'Suche leeren',
    pages: 'Seiten',
    page: (number) => `Seite ${number}`,
    next: 'Nächste Seite',
    previous: 'Vorige Seite',
    range: (from, to, total) => `${from}–${to} von ${total}`,
    nothing: 'Nichts gefunden',
    nothingFor: (search) => `Zu „${search}“ gibt es nichts.`,
  },
});
