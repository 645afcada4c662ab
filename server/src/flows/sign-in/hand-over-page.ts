/**
 * The page on which a dry run comes back from its provider. It hands the callback's parameters to the console and does
 * nothing else: nobody is signed in, nothing is looked up or written.
 */
import type { DryRunMessage } from '@foyer/contract/dry-runs.ts';
import { dryRunScriptPath } from '#base/http/assets.ts';
import { type Html, html } from '#base/http/html.ts';
import type { Page } from '#base/http/page.ts';
import type { RawParams } from '#base/http/read-params.ts';
import type { Language } from '#base/lib/language.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { dryRunStateKey, openDryRunState } from '#model/sources/dry-run-state.ts';
import type { SignInDeps } from './deps.ts';
import { handOverWords } from './words.ts';

/** A state that was changed on its way names no console: its answer can only go to one on this very host. */
export const handOverPage = async (
  deps: Pick<SignInDeps, 'origin'> & { keyring: Keyring },
  domain: Domain,
  state: string,
  params: RawParams,
  language: Language,
): Promise<Page> => {
  const key = await dryRunStateKey(deps.keyring);
  const origin = openDryRunState(key, domain.id, state) ?? deps.origin.of(domain.host);
  const message: DryRunMessage = { type: 'foyer-dry-run', state, params: { ...params } };
  return page(language, html` data-origin="${origin}" data-message="${JSON.stringify(message)}"`);
};

/**
 * The way over the console's own host, for a console that is on another host than the domain: where the provider cut the
 * tie between the windows, only a page of the console's origin can reach it. What it hands over is in the fragment, and
 * the console takes it for the state of a run of its own only.
 */
export const passOnPage = (language: Language): Page => page(language, html``);

const page = (language: Language, data: Html): Page => {
  const { title, heading, text } = handOverWords[language];
  return {
    title,
    language,
    script: dryRunScriptPath,
    body: html`<section class="card" id="dry-run"${data}>
<h1>${heading}</h1>
<p>${text}</p>
</section>`,
  };
};
