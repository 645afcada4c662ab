import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPass, passKey } from '#model/sources/dry-run-pass.ts';
import {
  clientId,
  clientSecret,
  type DryRunWorld,
  messageOf,
  oid,
  openDryRunWorld,
} from './dry-run-world.ts';

let world: DryRunWorld;
let sourceId: string;
beforeAll(async () => {
  world = await openDryRunWorld();
  ({ sourceId } = world);
});
afterEach(() => world.entra.clearFaults());
afterAll(() => world.close());

describe('a dry run', () => {
  it('shows every step, the raw profile, the mapped person and what sign-in would decide', async () => {
    const result = await world.run();
    expect(result.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'authorize ok',
      'callback ok',
      'token ok',
      'keys ok',
      'id_token ok',
      'profile ok',
      'mapping ok',
      'decision ok',
    ]);
    expect(result).toMatchObject({
      outcome: 'passed',
      raw_profile: { id: oid, givenName: 'Alice' },
      raw_claims: { tid: world.entra.tenantId },
      person: {
        subject: oid,
        subject_key: 'id',
        fields: { email: 'alice@contoso.example', first_name: 'Alice', last_name: 'Adams' },
        winners: {
          email: { key: 'mail', from: 'profile' },
          access_token: { key: 'token', from: 'credentials' },
        },
        email_verified: false,
      },
      refresh_token: true,
      token_expires_at: expect.any(Number),
      decision: { kind: 'create', because: expect.stringContaining('alice@contoso.example') },
      pass: expect.any(String),
    });
    const token = result.steps.find(({ name }) => name === 'token');
    expect(token?.request).toMatchObject({ method: 'POST', params: { client_id: clientId } });
    expect(token?.answer).toMatchObject({ status: 200 });
    expect(token?.duration_ms).toBeGreaterThanOrEqual(0);
  });

  it('reports scopes in the spelling in which they were asked for, and none as missing that Entra leaves out', async () => {
    const { scopes_asked, scopes_granted } = await world.run();
    expect(scopes_asked.filter((scope) => !scopes_granted.includes(scope))).toEqual([]);
  });

  it('passes for exactly this configuration and this administrator', async () => {
    const key = await passKey(world.foyer.services.keyring);
    const open = async (draft?: Record<string, unknown>) => {
      const { pass = '' } = await world.run(draft);
      return openPass(key, world.a.id, pass, world.foyer.clock.nowMs());
    };
    const first = await open();
    expect(first).toMatchObject({ domainId: world.a.id, userId: world.users.admin });
    expect((await open())?.digest).toBe(first?.digest);
    expect((await open(world.draft({ name: 'Other' })))?.digest).not.toBe(first?.digest);
    expect((await open(world.draft({ pkce: true })))?.digest).not.toBe(first?.digest);
  });

  it('takes the answer by form_post as well', async () => {
    const { outcome } = await world.run(world.draft({ authorize_params: { response_mode: 'form_post' } }));
    expect(outcome).toBe('passed');
  });

  it('does not pass when the person would be refused, and says why', async () => {
    const { foyer, a } = world;
    const id = await foyer.seedUser(a, { email: 'alice@contoso.example', name: 'Alice the First' });
    const result = await world.run();
    expect(result).toMatchObject({
      outcome: 'failed',
      failed_step: 'decision',
      code: 'account_exists',
      decision: { kind: 'refuse', user: { id } },
      advice: { title: expect.any(String) },
      person: { subject: oid },
    });
    expect(result.pass).toBeUndefined();
    await foyer.services.db.kysely.deleteFrom('users').where('id', '=', id).execute();
    const refused = await world.run(world.draft({ provisioning: false }));
    expect(refused).toMatchObject({ code: 'not_provisioned', failed_step: 'decision' });
  });

  it('shows the profile that a condition or a mapping refused', async () => {
    const result = await world.run(world.draft({ ensure_matching: { jobTitle: ['Astronaut'] } }));
    expect(result).toMatchObject({
      outcome: 'failed',
      failed_step: 'mapping',
      code: 'not_permitted',
      advice: { field: 'ensure_matching' },
      raw_profile: { id: oid },
    });
    expect(result.steps.at(-1)).toEqual({ name: 'decision', outcome: 'skipped' });
  });

  it('names the fields that are missing before anybody is sent anywhere', async () => {
    const { result, authorize_url } = await world.start(world.draft({ client_secret: '', client_id: '' }));
    expect(authorize_url).toBe('');
    expect(result).toMatchObject({
      outcome: 'failed',
      failed_step: 'authorize',
      code: 'source_misconfigured',
      advice: { field: 'client_id' },
    });
  });

  it('S-11 refuses what saving would refuse, beside its field', async () => {
    const { status, body } = await world.as.admin('POST', '/dry_runs', {
      json: {
        authority_id: world.a.id,
        source_id: sourceId,
        reservation: world.reservation,
        draft: world.draft({ token_url: 'http://plain.example/token' }),
      },
    });
    expect({ status, text: JSON.stringify(body) }).toEqual({
      status: 422,
      text: expect.stringContaining('token_url'),
    });
  });
});

describe('the window that comes back', () => {
  it('S-142 S-143 gets the answer as data, under a policy without inline scripts', async () => {
    const { foyer, a } = world;
    const { state } = await world.start();
    const hostile = '"><script>alert(1)</script>';
    const url = `/auth/oauth2/callback?id=${sourceId}&state=${state}&error=x&error_description=${encodeURIComponent(hostile)}`;
    for (const path of [url, url.replace(`callback?id=${sourceId}&`, `callback/${sourceId}?`)]) {
      const page = await foyer.inject({ url: path, headers: { host: a.host } });
      expect(page.statusCode).toBe(200);
      expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
      expect(page.headers['content-security-policy']).not.toContain('unsafe');
      expect(page.headers['cross-origin-opener-policy']).toBe('unsafe-none');
      expect(page.headers['set-cookie']).toBeUndefined();
      expect(page.body).not.toContain('<script>alert');
      expect(page.body).toContain(`data-origin="${foyer.url(a.host)}"`);
      expect(messageOf(page.body)).toEqual({
        type: 'foyer-dry-run',
        state,
        params: { id: sourceId, state, error: 'x', error_description: hostile },
      });
      const script = /<script src="([^"]+)"/.exec(page.body)?.[1] ?? '';
      const file = await foyer.inject({ url: script, headers: { host: a.host } });
      expect(file.headers['content-type']).toContain('javascript');
      expect(file.body).toContain('postMessage');
    }
  });

  it('sends it to the console that asked, and a state that it cannot read to none but its own host', async () => {
    const { foyer, a, b } = world;
    const reserved = await world.as.platform('POST', '/sources/reservations', {
      json: { authority_id: b.id, kind: 'oauth2' },
    });
    const { id, reservation } = reserved.body;
    const started = await world.as.platform('POST', '/dry_runs', {
      json: { authority_id: b.id, source_id: id, reservation, draft: world.draft() },
    });
    const originAt = async (host: string, state: string) => {
      const url = `/auth/oauth2/callback?id=${sourceId}&state=${state}&code=c`;
      const { body } = await foyer.inject({ url, headers: { host } });
      return /data-origin="([^"]*)"/.exec(body)?.[1];
    };
    const { state } = started.body;
    expect(await originAt(b.host, state)).toBe(foyer.url(a.host));
    expect(await originAt(a.host, state)).toBe(foyer.url(a.host));
    expect(await originAt(b.host, `${state.slice(0, -2)}AA`)).toBe(foyer.url(b.host));
  });
});

describe('whose it is', () => {
  it('S-45 nobody but the administrator who began it can finish it', async () => {
    const started = await world.start();
    const popUp = await world.popUp(started);
    for (const other of [world.as.platform, world.as.other]) {
      const answer = await other('POST', '/dry_runs/finish', { json: { ticket: started.ticket, ...popUp } });
      expect(answer.status).toBe(404);
    }
    for (const who of [world.as.user, world.as.support]) {
      const answer = await who('POST', '/dry_runs/finish', { json: { ticket: started.ticket, ...popUp } });
      expect(answer.status).toBe(403);
      expect((await who('POST', '/dry_runs', { json: {} })).status).toBe(403);
    }
    expect((await world.finish(started, popUp)).outcome).toBe('passed');
  });

  it('begins only for a source that exists, or whose id was reserved in this domain', async () => {
    const { a, b, as, reservation, draft } = world;
    const status = async (json: object) => (await as.platform('POST', '/dry_runs', { json })).status;
    const body = { authority_id: a.id, source_id: sourceId, draft: draft() };
    expect(await status({ ...body, reservation })).toBe(200);
    expect(await status(body)).toBe(422);
    expect(await status({ ...body, reservation, source_id: 'oauth_strat-other' })).toBe(422);
    expect(await status({ ...body, reservation, authority_id: b.id })).toBe(422);
  });

  it('S-40 nobody begins one in another domain', async () => {
    const json = { authority_id: world.a.id, source_id: sourceId, draft: world.draft() };
    expect((await world.as.other('POST', '/dry_runs', { json })).status).toBe(404);
  });

  it('S-02 a ticket is over after ten minutes, and nobody can forge one', async () => {
    const started = await world.start();
    const popUp = await world.popUp(started);
    world.foyer.clock.advance(10 * 60_000 + 1);
    const late = await world.as.admin('POST', '/dry_runs/finish', {
      json: { ticket: started.ticket, ...popUp },
    });
    expect([late.status, late.text]).toEqual([400, expect.stringContaining('flow_expired')]);
    for (const ticket of ['', 'x', `${world.a.id}.AAAA`, `${world.b.id}.${started.ticket.split('.')[1]}`]) {
      const forged = await world.as.admin('POST', '/dry_runs/finish', { json: { ticket, params: {} } });
      expect(forged.status).toBe(404);
    }
  });

  it('S-01 S-04 takes no answer of another sign-in', async () => {
    const started = await world.start();
    const { params = {} } = await world.popUp(started);
    const with_ = (more: Record<string, string>) => world.finish(started, { params: { ...params, ...more } });
    expect(await with_({ state: 'dry-other' })).toMatchObject({
      failed_step: 'callback',
      code: 'state_mismatch',
    });
    expect(await with_({ id: 'oauth_strat-other' })).toMatchObject({
      failed_step: 'callback',
      code: 'source_mismatch',
    });
    const { state: _state, ...without } = params;
    expect(await world.finish(started, { params: without })).toMatchObject({ failed_step: 'callback' });
    expect(world.entra.requests.count('token')).toBeGreaterThan(0);
    expect((await with_({})).outcome).toBe('passed');
  });

  it('is begun ten times a minute at most', async () => {
    world.foyer.clock.advance(61_000);
    const begin = () =>
      world.as.admin('POST', '/dry_runs', {
        json: {
          authority_id: world.a.id,
          source_id: sourceId,
          reservation: world.reservation,
          draft: world.draft(),
        },
      });
    const statuses = await Promise.all(Array.from({ length: 11 }, async () => (await begin()).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses).toContain(429);
  });
});

describe('secrets', () => {
  it('S-94 a blank one is the stored one; S-96 it does not go anywhere else', async () => {
    const { foyer, a, as } = world;
    const { client_secret, token_method: _m, authentication_scheme: _s, ...rest } = world.draft();
    await foyer.seedSource(a, { id: sourceId as never, settings: { ...rest, client_secret } });
    try {
      expect((await world.run(world.draft({ client_secret: '' }))).outcome).toBe('passed');
      expect((await world.run(world.draft({ client_secret: '••••••••' }))).outcome).toBe('passed');
      foyer.clock.advance(61_000);
      const moved = await as.admin('POST', '/dry_runs', {
        json: {
          source_id: sourceId,
          draft: world.draft({ client_secret: '', token_url: 'https://elsewhere.example/token' }),
        },
      });
      expect([moved.status, moved.text]).toEqual([422, expect.stringContaining('client_secret')]);
      expect(moved.text).not.toContain(clientSecret);
    } finally {
      await foyer.services.db.kysely.deleteFrom('sources').where('id', '=', sourceId).execute();
    }
  });
});
