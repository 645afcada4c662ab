/** Who gets in when a source fails, with the day on which their password was last seen to work. */
import type { DomainReadiness } from '@foyer/contract/source-lifecycle.ts';
import { date } from './dates.ts';
import { defineWords, type Language } from './words.ts';

const words = defineWords({
  en: {
    used: (name: string, day: string) => `${name} (password last used on ${day})`,
    unused: (name: string) => `${name} (password not used lately: try it once)`,
  },
  de: {
    used: (name: string, day: string) => `${name} (Passwort zuletzt benutzt am ${day})`,
    unused: (name: string) => `${name} (Passwort länger nicht benutzt: einmal ausprobieren)`,
  },
});

export const namesOf = (accounts: DomainReadiness['break_glass'], language: Language): string =>
  accounts
    .map(({ name, email, last_password_sign_in_at: at }) => {
      const { used, unused } = words[language];
      return at === undefined ? unused(name || email) : used(name || email, date(at, language));
    })
    .join(', ');
