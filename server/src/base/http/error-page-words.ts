/** What stands on the page of an error, beside its sentence. */
import type { ErrorCode } from '#base/lib/errors.ts';
import type { Language } from '#base/lib/language.ts';

interface ErrorPageWords {
  /** Where no sign-in page is to be had: what to do instead. */
  deadEnds: Partial<Record<ErrorCode, string>>;
  goToSignIn: string;
  reference: string;
  administrators: string;
  code: string;
  request: string;
}

export const errorPageWords: Readonly<Record<Language, ErrorPageWords>> = {
  en: {
    deadEnds: {
      domain_not_found:
        'Please check the address. If this server is yours: foyer domain add makes a domain for this host name, and on a ' +
        'new server the link that it printed does.',
      setup_closed:
        'A link works once, for one hour. As long as there is no administrator, Foyer prints a new one when it starts.',
    },
    goToSignIn: 'Go to the sign-in page',
    reference: 'Tell your administrator this reference:',
    administrators: 'Administrators find the cause here',
    code: 'Code',
    request: 'Request',
  },
  de: {
    deadEnds: {
      domain_not_found:
        'Bitte prüfen Sie die Adresse. Wenn Ihnen dieser Server gehört: foyer domain add legt eine Domäne für diesen Hostnamen ' +
        'an, und auf einem neuen Server tut es der Link, den er ausgegeben hat.',
      setup_closed:
        'Ein Link gilt einmal, eine Stunde lang. Solange es keine Administration gibt, gibt Foyer bei jedem Start einen neuen aus.',
    },
    goToSignIn: 'Zur Anmeldeseite',
    reference: 'Nennen Sie Ihrer Administration dieses Kennzeichen:',
    administrators: 'Die Administration findet hier die Ursache',
    code: 'Code',
    request: 'Anfrage',
  },
};
