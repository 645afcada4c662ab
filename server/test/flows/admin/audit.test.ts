import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Actor, type AuditEntry, writeAudit } from '#model/audit/audit.ts';
import { csvLine } from '../../../src/flows/admin/audit/csv.ts';
import { openWorld, type World } from './engine-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  await world.foyer.services.db.kysely.deleteFrom('audit').execute();
});
afterAll(() => world.foyer.close());

/** The embedded store's clock counts milliseconds, and rows of one have no order. */
const write = async (entry: AuditEntry, domainId: string = world.a.id, actor: Actor = { kind: 'system' }) => {
  await world.foyer.services.db.transaction((tx) => writeAudit(tx, domainId, actor, entry));
  await new Promise((resolve) => setTimeout(resolve, 2));
};
const actionsOf = async (query: string, as = world.as.admin): Promise<string[]> => {
  const { body, status } = await as('GET', `/audit?${query}`);
  expect(status).toBe(200);
  return body.map(({ action }: { action: string }) => action);
};
const parseCsv = (text: string): string[][] =>
  text
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell.replaceAll('""', '"')),
    );

describe('the audit log', () => {
  it('lists rows newest first, in pages, with the names of those who acted and of what it was about', async () => {
    const source = await world.foyer.seedSource(world.a, { name: 'Entra', settings: {} });
    const platform: Actor = { kind: 'user', id: world.users.platform, ip: '192.0.2.7', requestId: 'r-1' };
    await write(
      { action: 'source.create', sourceId: source.id, target: source.id, fields: ['name'] },
      world.a.id,
      {
        kind: 'user',
        id: world.users.admin,
      },
    );
    await write(
      { action: 'user.update', target: world.users.user, detail: { how: 'bulk' } },
      world.a.id,
      platform,
    );
    await write({ action: 'sign_in', outcome: 'denied', reason: 'bad_profile', target: 'user-nobody' });
    const { body, headers } = await world.as.admin('GET', '/audit?limit=2');
    expect(headers['x-total-count']).toBe('3');
    expect(headers.link).toContain('offset=2');
    expect(body).toEqual([
      {
        id: expect.any(String),
        authority_id: world.a.id,
        at: expect.any(Number),
        action: 'sign_in',
        outcome: 'denied',
        reason: 'bad_profile',
        actor: { kind: 'system' },
        target: 'user-nobody',
        fields: [],
        detail: {},
      },
      expect.objectContaining({
        action: 'user.update',
        actor: { kind: 'user', id: world.users.platform, name: 'Platform Admin' },
        target_name: 'User A',
        detail: { how: 'bulk' },
        ip: '192.0.2.7',
        request_id: 'r-1',
      }),
    ]);
    const rest = await world.as.admin('GET', '/audit?limit=2&offset=2');
    expect(rest.body).toMatchObject([
      { source_name: 'Entra', target_name: 'Entra', actor: { name: 'Admin A' }, fields: ['name'] },
    ]);
  });

  it('names an application by its number and by its client id, and an API key', async () => {
    const { id } = await world.foyer.services.db.kysely
      .insertInto('applications')
      .values({ domain_id: world.a.id, uid: 'an-uid', name: 'Panel', redirect_uri: 'https://panel.test/' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const key = (await world.makeKey(world.a, world.users.admin)).split('.')[0] as string;
    await write({ action: 'token.issue', applicationId: String(id) }, world.a.id, {
      kind: 'api_key',
      id: key,
    });
    await write({ action: 'token.issue', target: 'an-uid' }, world.a.id, {
      kind: 'application',
      id: String(id),
    });
    const { body } = await world.as.admin('GET', '/audit');
    expect(body).toMatchObject([
      { target_name: 'Panel', actor: { name: 'Panel' } },
      { application_name: 'Panel', actor: { name: expect.stringMatching(/^key /) } },
    ]);
  });

  it('filters by action, its beginning, outcome, actor, target, source and time, and searches words', async () => {
    const actor: Actor = { kind: 'user', id: world.users.admin };
    await write({ action: 'source.create', sourceId: 'oauth_strat-x' }, world.a.id, actor);
    await write({ action: 'source.update', target: 'oauth_strat-x' });
    await write({ action: 'sources_other' });
    await write({ action: 'sign_in', outcome: 'denied', detail: { incident: 'abcd2345' } });
    expect(await actionsOf('action=source.')).toEqual(['source.update', 'source.create']);
    expect(await actionsOf('action=source.update')).toEqual(['source.update']);
    expect(await actionsOf('action=source')).toEqual([]);
    expect(await actionsOf('outcome=denied')).toEqual(['sign_in']);
    expect(await actionsOf(`actor_id=${world.users.admin}`)).toEqual(['source.create']);
    expect(await actionsOf('target=oauth_strat-x')).toEqual(['source.update']);
    expect(await actionsOf('source_id=oauth_strat-x')).toEqual(['source.create']);
    expect(await actionsOf('q=abcd2345')).toEqual(['sign_in']);
    expect(await actionsOf('q=update')).toEqual(['source.update']);
    const now = Math.floor(Date.now() / 1_000);
    expect(await actionsOf(`since=${now - 60}&until=${now + 60}`)).toHaveLength(4);
    expect(await actionsOf(`until=${now - 60}`)).toEqual([]);
    expect(await actionsOf(`since=${now + 60}`)).toEqual([]);
    expect((await world.as.admin('GET', '/audit?since=yesterday')).status).toBe(400);
    expect((await world.as.admin('GET', '/audit?until=999999999999999')).status).toBe(200);
  });

  it('S-139 domain administrators see their own rows only, those of the installation all', async () => {
    await write({ action: 'of.a' });
    await write({ action: 'of.b' }, world.b.id);
    await write({ action: 'of.the_server' }, '');
    expect(await actionsOf('')).toEqual(['of.a']);
    expect(await actionsOf('', world.as.other)).toEqual(['of.b']);
    expect(await actionsOf('', world.as.platform)).toEqual(['of.the_server', 'of.b', 'of.a']);
    expect(await actionsOf(`authority_id=${world.b.id}`, world.as.platform)).toEqual(['of.b']);
    expect(await actionsOf('authority_id=installation', world.as.platform)).toEqual(['of.the_server']);
    for (const path of ['/audit', '/audit/export']) {
      expect((await world.as.admin('GET', `${path}?authority_id=installation`)).status).toBe(404);
      expect((await world.as.admin('GET', `${path}?authority_id=${world.b.id}`)).status).toBe(404);
      expect((await world.as.support('GET', path)).status).toBe(403);
      expect((await world.as.user('GET', path)).status).toBe(403);
      expect((await world.anonymous(world.a)('GET', path)).status).toBe(401);
    }
    expect((await world.as.admin('GET', '/audit/export')).text).not.toContain('of.b');
  });

  it('S-139 nobody can change or delete a row', async () => {
    await write({ action: 'kept' });
    const [{ id }] = (await world.as.platform('GET', '/audit')).body;
    for (const method of ['DELETE', 'PUT', 'PATCH', 'POST']) {
      for (const path of ['/audit', `/audit/${id}`]) {
        expect((await world.as.platform(method, path, { json: {} })).status).toBeGreaterThanOrEqual(404);
      }
    }
    expect(await actionsOf('')).toEqual(['kept']);
  });
});

describe('the export', () => {
  it('is CSV of all that matches, in the order of the list, however many rows', async () => {
    await sql`insert into audit (domain_id, at, action, outcome, actor_kind, target)
      select ${world.a.id}, now() - n / 3 * interval '1 microsecond', 'many.rows', 'ok', 'system', n::text
        from generate_series(1, 2500) n`.execute(world.foyer.services.db.kysely);
    await write({ action: 'another' });
    const answer = await world.as.admin('GET', '/audit/export?action=many.rows', {
      headers: { accept: 'text/csv' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringContaining('text/csv'),
      'content-disposition': 'attachment; filename="audit.csv"',
      'cache-control': 'no-store',
    });
    const [names = [], ...rows] = parseCsv(answer.text);
    expect(names.slice(0, 5)).toEqual(['at', 'id', 'authority_id', 'action', 'outcome']);
    expect(rows).toHaveLength(2_500);
    const targets = rows.map((row) => Number(row[names.indexOf('target')]));
    expect(new Set(targets).size).toBe(2_500);
    const listed = (await world.as.admin('GET', '/audit?action=many.rows&limit=2500')).body;
    expect(listed.map(({ target }: { target: string }) => Number(target))).toEqual(targets);
  });

  it('S-143 leaves no formula for a spreadsheet, and quotes what must be', async () => {
    const evil = '=HYPERLINK("http://evil.test","x")';
    await write({ action: 'user.update', target: evil, detail: { words: 'a "b",\r\nc' } }, world.a.id, {
      kind: 'anonymous',
      userAgent: '@SUM(1,2)',
    });
    const { text } = await world.as.admin('GET', '/audit/export');
    const [names = [], row = []] = parseCsv(text);
    expect(row).toHaveLength(names.length);
    expect(row[names.indexOf('target')]).toBe(`'${evil}`);
    expect(row[names.indexOf('user_agent')]).toBe("'@SUM(1,2)");
    expect(JSON.parse(row[names.indexOf('detail')] ?? '')).toEqual({ words: 'a "b",\r\nc' });
    for (const start of ['=', '+', '-', '@', '\t=', ' =', '\r', '\uff1d']) {
      expect(csvLine([`${start}1`])).toBe(`"'${start}1"\r\n`);
    }
    expect(csvLine(['plain', 'a"b', '2026-11-25T00:00:00Z'])).toBe(
      '"plain","a""b","2026-11-25T00:00:00Z"\r\n',
    );
  });
});
