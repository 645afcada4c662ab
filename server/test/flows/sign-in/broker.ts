/** A server, a provider and one domain with one source: what most tests of the broker begin with. */
import { type Provider, startProvider } from '@foyer/testkit/oauth2/start-provider.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Source } from '#model/sources/source.ts';
import type { Answer, Browser, RequestOptions } from '../../support/browser.ts';
import { type Foyer, type SeedSource, type StartOptions, startFoyer } from '../../support/start-foyer.ts';

export interface Broker {
  foyer: Foyer;
  provider: Provider;
  domain: Domain;
  source: Source;
  /** A source at this provider (or another), in a domain. */
  addSource(domain: Domain, seed?: SeedSource & { at?: Provider }): Promise<Source>;
  /** Goes to the provider and back; answers Foyer's answer to the callback. */
  signIn(browser: Browser, options?: { source?: Source; continueTo?: string }): Promise<Answer>;
  /** Begins a sign-in and goes as far as the provider's redirect; answers the callback's URL. */
  begin(browser: Browser, options?: { source?: Source; continueTo?: string }): Promise<string>;
  callBack(browser: Browser, callback: string, options?: RequestOptions): Promise<Answer>;
  /** Rows of the audit log, oldest first. */
  audit(
    domain?: Domain,
  ): Promise<{ action: string; outcome: string; reason: string | null; detail: unknown }[]>;
  close(): Promise<void>;
}

export const settingsFor = (provider: Provider): Record<string, unknown> => ({
  client_id: 'client',
  client_secret: 'secret',
  site: provider.url,
  authorize_url: '/authorize',
  token_url: '/token',
  token_method: 'post',
  auth_scheme: 'request_body',
  scope: 'profile',
  raw_info_url: `${provider.url}/profile`,
  info_mappings: {
    uid: 'id',
    email: 'email',
    first_name: 'given',
    last_name: 'family',
    name: 'name',
    login_name: 'login',
    staff_id: 'staff',
  },
});

export const startBroker = async (options: StartOptions & { allow?: string[] } = {}): Promise<Broker> => {
  const provider = await startProvider();
  const foyer = await startFoyer({
    ...options,
    config: { egressAllow: [provider.address, ...(options.allow ?? [])].join(','), ...options.config },
  });
  const domain = await foyer.seedDomain();
  const addSource: Broker['addSource'] = (to, { at = provider, ...seed } = {}) =>
    foyer.seedSource(to, { ...seed, settings: { ...settingsFor(at), ...seed.settings } });
  const source = await addSource(domain);
  const begin: Broker['begin'] = async (browser, { source: from = source, continueTo } = {}) => {
    const back = continueTo === undefined ? '' : `&continue=${encodeURIComponent(continueTo)}`;
    const started = await browser.get(`/auth/oauth2?id=${from.id}${back}`);
    if (started.status !== 302)
      return Promise.reject(new Error(`not started: ${started.status} ${started.body}`));
    return (await browser.get(started.location)).location;
  };
  return {
    foyer,
    provider,
    domain,
    source,
    addSource,
    begin,
    callBack: (browser, callback, request) => browser.get(callback, request),
    signIn: async (browser, from) => browser.get(await begin(browser, from)),
    audit: (of = domain) =>
      foyer.services.db.kysely
        .selectFrom('audit')
        .select(['action', 'outcome', 'reason', 'detail', 'source_id', 'actor_id', 'fields'])
        .where('domain_id', '=', of.id)
        .orderBy('at')
        .execute(),
    async close() {
      await foyer.close();
      await provider.close();
    },
  };
};
