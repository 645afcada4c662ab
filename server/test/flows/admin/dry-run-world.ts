/** A server, the emulated Microsoft, and an administrator's console that runs dry runs with the documented source. */
import type { DryRunResult, DryRunStarted } from '@foyer/contract/dry-runs.ts';
import { signInAtMicrosoft } from '@foyer/testkit/entra/pick-account.ts';
import { type Entra, startEntra } from '@foyer/testkit/entra/start-entra.ts';
import { testCa, testServerTls } from '@foyer/testkit/tls/tls.ts';
import type { Clock } from '#base/lib/clock.ts';
import { createEgress } from '#base/lib/egress/egress.ts';
import type { StartOptions } from '../../support/start-foyer.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { type Call, openWorld, type World } from './engine-world.ts';

export const clientId = '0a1b2c3d-1111-4222-8333-444455556666';
export const clientSecret = 'Zk8Q~canary-of-the-draft-secret';
export const oid = 'c4a3b2a1-0000-4000-8000-00000000a11c';

export interface DryRunWorld extends World {
  entra: Entra;
  /** Reserved in domain A, and what reserved it. */
  sourceId: string;
  reservation: string;
  /** Members of the documented source, with more or other ones. */
  draft(more?: Record<string, unknown>, tenant?: string): Record<string, unknown>;
  start(draft?: Record<string, unknown>, as?: Call): Promise<DryRunStarted>;
  /** The pop-up: signs in and lands on the callback; what the console then knows. */
  popUp(started: DryRunStarted, email?: string | null): Promise<PopUp>;
  run(draft?: Record<string, unknown>, email?: string | null): Promise<DryRunResult>;
  finish(started: DryRunStarted, popUp: PopUp, as?: Call): Promise<DryRunResult>;
  close(): Promise<void>;
}

/** `params` of the message, or the code that the page showed instead. */
export interface PopUp {
  params?: Record<string, string>;
  shown?: string;
}

const unescapeHtml = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** What the page would post to the console. */
export const messageOf = (page: string) => {
  const text = /data-message="([^"]*)"/.exec(page)?.[1];
  return text === undefined ? undefined : JSON.parse(unescapeHtml(text));
};

export const openDryRunWorld = async (options: StartOptions = {}): Promise<DryRunWorld> => {
  // Everybody goes by the server's clock, which moves a minute before each run.
  let foyerClock: Clock = createTestClock();
  const entra = await startEntra({ tls: testServerTls, clock: { nowMs: () => foyerClock.nowMs() } });
  const at = { address: '127.0.0.1', port: Number(new URL(entra.url).port) };
  const egress = createEgress({
    clock: createTestClock(),
    allow: [],
    ca: testCa,
    hostMap: {
      'login.microsoftonline.com:443': at,
      'graph.microsoft.com:443': at,
      // Not in the certificate.
      'wrong-name.example:443': at,
    },
    totalTimeoutMs: 3_000,
    // One broken answer after the other is the point here.
    circuitOpenMs: 1,
  });
  const world = await openWorld({ ...options, overrides: { egress, ...options.overrides } });
  const { foyer, a } = world;
  foyerClock = foyer.clock;
  const reserved = await world.as.admin('POST', '/sources/reservations', {
    json: { authority_id: a.id, kind: 'oauth2' },
  });
  const { id: sourceId, reservation } = reserved.body;

  const draft: DryRunWorld['draft'] = (more = {}, tenant = entra.tenantId) => ({
    name: 'Microsoft',
    client_id: clientId,
    client_secret: clientSecret,
    site: 'https://login.microsoftonline.com',
    scope: 'openid offline_access calendars.readwrite.shared group.read.all user.read.all',
    token_method: 'POST',
    authentication_scheme: 'Request Body',
    token_url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`,
    authorize_url: `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/authorize`,
    user_profile_url: 'https://graph.microsoft.com/v1.0/me',
    info_mappings: {
      email: 'mail,userPrincipalName',
      first_name: 'givenName',
      last_name: 'surname',
      uid: 'id',
      access_token: 'token',
      refresh_token: 'refresh_token',
      expires: 'expires',
      expires_at: 'expires_at',
    },
    ...more,
  });

  const seed = (): void => {
    entra.addApp({
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uris: [foyer.url(a.host, `/auth/oauth2/callback?id=${sourceId}`)],
    });
    entra.addPerson({
      email: 'alice@contoso.example',
      oid,
      display_name: 'Alice Adams',
      given_name: 'Alice',
      surname: 'Adams',
    });
  };
  seed();

  const start: DryRunWorld['start'] = async (given = draft(), as = world.as.admin) => {
    foyer.clock.advance(61_000);
    const answer = await as('POST', '/dry_runs', {
      json: { authority_id: a.id, kind: 'oauth2', source_id: sourceId, reservation, draft: given },
    });
    if (answer.status !== 200) throw new Error(`not started: ${answer.status} ${answer.text}`);
    return answer.body as DryRunStarted;
  };
  const popUp: DryRunWorld['popUp'] = async (started, email = 'alice@contoso.example') => {
    let back: Awaited<ReturnType<typeof signInAtMicrosoft>>;
    try {
      back = await signInAtMicrosoft(started.authorize_url, email, { via: entra.url });
    } catch (error) {
      return { shown: (error as Error).message };
    }
    const url = new URL(back.url);
    const page = await foyer.inject({
      method: back.form ? 'POST' : 'GET',
      url: url.pathname + url.search,
      headers: {
        host: url.host,
        ...(back.form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(back.form && { payload: new URLSearchParams(back.form).toString() }),
    });
    const message = messageOf(page.body);
    return message
      ? { params: message.params }
      : { shown: /<dt>Code<\/dt><dd><code>(\w+)<\/code>/.exec(page.body)?.[1] ?? '' };
  };
  const finish: DryRunWorld['finish'] = async (started, { params, shown }, as = world.as.admin) => {
    const json = {
      ticket: started.ticket,
      ...(params ? { params } : { abandoned: true, shown_code: (shown ?? '').slice(0, 200) }),
    };
    const answer = await as('POST', '/dry_runs/finish', { json });
    if (answer.status !== 200) throw new Error(`not finished: ${answer.status} ${answer.text}`);
    return answer.body as DryRunResult;
  };
  return {
    ...world,
    entra,
    sourceId,
    reservation,
    draft,
    start,
    popUp,
    finish,
    async run(given, email) {
      const started = await start(given);
      return started.result ?? finish(started, await popUp(started, email));
    },
    async close() {
      await foyer.close();
      await entra.close();
    },
  };
};
