/**
 * The page on which an administrator of the provider lands after consenting for everybody, or refusing. It looks nothing
 * up, writes nothing and signs nobody in. Who opens it without the link of the source learns nothing.
 */
import type { ConsentMessage } from '@foyer/contract/source-lifecycle.ts';
import { consentScriptPath } from '#base/http/assets.ts';
import { html } from '#base/http/html.ts';
import type { Page } from '#base/http/page.ts';
import type { RawParams } from '#base/http/read-params.ts';
import type { Language } from '#base/lib/language.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { consentStateKey, isConsentState, isConsentStateOf } from '#model/sources/consent-state.ts';
import { diagnose } from '#upstream/diagnosis/diagnosis.ts';
import { parseProviderError } from '#upstream/diagnosis/parse-provider-error.ts';
import { consentWords } from './words.ts';

/** A link of our console has a state of its own; one that was put together by hand may have none. */
export const isConsentAnswer = ({ state, admin_consent, code }: RawParams): boolean =>
  isConsentState(state) || (state === undefined && admin_consent !== undefined && code === undefined);

export const consentPage = async (
  { keyring }: { keyring: Keyring },
  domain: Domain,
  params: RawParams,
  language: Language,
): Promise<Page> => {
  const words = consentWords[language];
  const { id = '', state = '', error, admin_consent } = params;
  const isOurs = isConsentStateOf(await consentStateKey(keyring), domain.id, id, state);
  if (isOurs && error !== undefined) return refusedPage(params, language);
  if (!isOurs || admin_consent?.toLowerCase() !== 'true') {
    return card(language, words.unknownTitle, words.unknown);
  }
  const message: ConsentMessage = { type: 'foyer-consent', state };
  return {
    title: words.title,
    language,
    script: consentScriptPath,
    body: html`<section class="card" id="consent" data-message="${JSON.stringify(message)}">
<h1>${words.title}</h1>
<p>${words.granted}</p>
<p>${words.close}</p>
</section>`,
  };
};

const card = (language: Language, title: string, text: string): Page => ({
  title,
  language,
  body: html`<section class="card">
<h1>${title}</h1>
<p>${text}</p>
<p>${consentWords[language].close}</p>
</section>`,
});

const refusedPage = (params: RawParams, language: Language): Page => {
  const words = consentWords[language];
  const evidence = { ...parseProviderError(params), step: 'callback', providerHint: 'microsoft' } as const;
  const { title, cause, fix } = diagnose({ ...evidence, foyerCode: 'upstream_refused' }, language);
  return {
    title: words.refusedTitle,
    language,
    body: html`<section class="card">
<h1>${words.refusedTitle}</h1>
<h2>${title}</h2>
<p>${cause}</p>
<ul>${fix.map((step) => html`<li>${step}</li>`)}</ul>
<p>${words.close}</p>
</section>`,
  };
};
