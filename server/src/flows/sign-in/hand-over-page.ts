/**
 * The page on which a dry run comes back from its provider. It hands the callback's parameters to the console and does
 * nothing else: nobody is signed in, nothing is looked up or written.
 */
import type { DryRunMessage } from '@foyer/contract/dry-runs.ts';
import { dryRunScriptPath } from '#base/http/assets.ts';
import { html } from '#base/http/html.ts';
import type { Page } from '#base/http/page.ts';
import type { RawParams } from '#base/http/read-params.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Keyring } from '#model/keys/keyring.ts';
import { dryRunStateKey, openDryRunState } from '#model/sources/dry-run-state.ts';
import type { SignInDeps } from './deps.ts';

/** A state that was changed on its way names no console: its answer can only go to one on this very host. */
export const handOverPage = async (
  deps: Pick<SignInDeps, 'origin'> & { keyring: Keyring },
  domain: Domain,
  state: string,
  params: RawParams,
): Promise<Page> => {
  const key = await dryRunStateKey(deps.keyring);
  const origin = openDryRunState(key, domain.id, state) ?? deps.origin.of(domain.host);
  const message: DryRunMessage = { type: 'foyer-dry-run', state, params: { ...params } };
  return {
    title: 'Test sign-in',
    script: dryRunScriptPath,
    body: html`<section class="card" id="dry-run" data-origin="${origin}" data-message="${JSON.stringify(message)}">
<h1>Back from the identity provider</h1>
<p>The test goes on in the window that started it. You can close this one.</p>
</section>`,
  };
};
