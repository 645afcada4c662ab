/**
 * S-45, S-46 for every route there is: the OpenAPI document lists them, and each is tried by the administrator of one
 * domain with the ids of another. A new route with an id is covered as soon as it is registered; one whose foreign
 * object is not made below fails the last test.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceId } from '#base/lib/ids.ts';
import { writeAudit } from '#model/audit/audit.ts';
import { type Answer, openWorld, type World } from './engine-world.ts';

interface Document {
  paths: Record<string, Record<string, { summary?: string; tags?: string[]; requestBody?: unknown }>>;
}

let world: World;
let document: Document;
/** An id of domain B for each collection. */
const foreign: Record<string, string> = {};
const methods = ['get', 'put', 'patch', 'post', 'delete'];

beforeAll(async () => {
  world = await openWorld();
  document = (await world.anonymous(world.a)('GET', '/openapi.json')).body;
  const { b, foyer, users } = world;
  foreign.domains = b.id;
  foreign.oauth_auths = (await foyer.seedSource(b, { settings: {} })).id;
  foreign.sources = foreign.oauth_auths;
  foreign.sign_in_attempts = 'foreignx';
  foyer.services.recorder.record({
    domainId: b.id,
    id: foreign.sign_in_attempts,
    sourceId: foreign.oauth_auths as SourceId,
    version: 1,
    endedAtMs: Date.now(),
    durationMs: 1,
    ownMs: 1,
    reason: 'bad_profile',
    userId: users.other,
    steps: [],
    evidence: {},
    requestId: 'request-1',
  });
  foreign.audit = 'foreign.action';
  await foyer.services.db.transaction((tx) =>
    writeAudit(tx, b.id, { kind: 'user', id: users.other }, { action: 'foreign.action' }),
  );
  foreign.saml_auths = (await foyer.seedSource(b, { kind: 'saml', settings: {} })).id;
  foreign.ldap_auths = (await foyer.seedSource(b, { kind: 'ldap', settings: {} })).id;
  foreign.api_keys = (await world.makeKey(b, users.other)).split('.')[0] ?? '';
  foreign.users = users.other;
  foreign.metadata = users.other;
  const app = await foyer.services.db.kysely
    .insertInto('applications')
    .values({
      domain_id: b.id,
      id: 987_654_321,
      uid: 'foreign',
      name: 'foreign',
      redirect_uri: 'https://x.test/',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  foreign.oauth_apps = String(app.id);
});
afterAll(() => world.foyer.close());

/** Everything of domain B, but for what reading it may touch. */
const snapshotOfB = async (): Promise<string> => {
  const { kysely } = world.foyer.services.db;
  const rows = [
    await kysely.selectFrom('source_revisions').selectAll().where('domain_id', '=', world.b.id).execute(),
    await kysely.selectFrom('domains').selectAll().where('id', '=', world.b.id).execute(),
    await kysely.selectFrom('users').selectAll().where('domain_id', '=', world.b.id).orderBy('id').execute(),
    await kysely
      .selectFrom('sources')
      .selectAll()
      .where('domain_id', '=', world.b.id)
      .orderBy('id')
      .execute(),
    await kysely.selectFrom('applications').selectAll().where('domain_id', '=', world.b.id).execute(),
    await kysely
      .selectFrom('api_keys')
      .selectAll()
      .where('domain_id', '=', world.b.id)
      .orderBy('id')
      .execute(),
    await kysely.selectFrom('metadata').selectAll().where('domain_id', '=', world.b.id).execute(),
  ];
  return JSON.stringify(rows);
};

interface Operation {
  method: string;
  path: string;
  collection: string;
}

const operations = (): Operation[] =>
  Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.keys(byMethod)
      .filter((method) => methods.includes(method))
      .map((method) => ({ method, path, collection: path.split('/')[4] ?? '' })),
  );
const withId = (): Operation[] =>
  operations().filter(({ path, collection }) => /\{[a-z_]+\}/.test(path) && collection in foreign);

/** A body in which every member that names a domain or a person names a foreign one. */
const hostileBody = () => ({
  name: 'taken over',
  current_name: 'settings',
  new_name: 'taken',
  authority_id: world.b.id,
  owner_id: world.b.id,
  user_id: world.users.other,
  domain: 'evil.test',
  email: 'new@evil.test',
  client_id: '',
  site: '',
  scope: '',
  host: 'evil.test',
  base: 'x',
  assertion_consumer_service_url: 'https://evil.test/',
  idp_sso_target_url: 'https://evil.test/',
  redirect_uri: 'https://evil.test/',
  description: 'x',
  details: {},
  sys_admin: true,
  support: true,
  password: 'a long enough password',
});

describe('isolation of domains', () => {
  it('knows routes of every resource', () => {
    const collections = new Set(withId().map(({ collection }) => collection));
    for (const each of ['domains', 'oauth_auths', 'saml_auths', 'ldap_auths', 'api_keys']) {
      expect(collections).toContain(each);
    }
    expect(withId().length).toBeGreaterThanOrEqual(20);
  });

  it('S-45, S-46 finds no object of another domain: by reading, changing or deleting', async () => {
    const before = await snapshotOfB();
    for (const { method, path, collection } of withId()) {
      if (path.includes('/domains/lookup/')) continue;
      const bare = path.replace(/\{[a-z_]+\}/, foreign[collection] as string).replace(/\{[a-z_]+\}/g, 'x');
      const url = `${bare}?name=settings&parent_ids=${world.users.other}`;
      const json = ['get', 'delete'].includes(method) ? {} : { json: hostileBody() };
      for (const role of ['admin', 'support', 'user'] as const) {
        const answer = await world.as[role](method.toUpperCase(), url, json);
        expectNothing(`${role} ${method} ${url}`, answer);
      }
    }
    expect(await snapshotOfB()).toBe(before);
  });

  it('S-45 creates nothing in another domain, and lists nothing of it', async () => {
    const before = await snapshotOfB();
    for (const { method, path, collection } of operations()) {
      if (/\{/.test(path) || !(collection in foreign)) continue;
      if (method === 'post') {
        for (const role of ['admin', 'support', 'user'] as const) {
          const answer = await world.as[role]('POST', path, { json: hostileBody() });
          expect({ path, role, status: answer.status }).toEqual({
            path,
            role,
            status: expect.toSatisfy((status: number) => status >= 400 && status < 500),
          });
        }
      }
      if (method === 'get') {
        for (const query of ['', `?authority_id=${world.b.id}`, '?q=foreign', `?q=${foreign[collection]}`]) {
          const answer = await world.as.admin('GET', `${path}${query}`);
          expect(answer.text).not.toContain(foreign[collection]);
        }
      }
    }
    expect(await snapshotOfB()).toBe(before);
  });

  it('S-130 answers no request with a failure of ours', async () => {
    const odd = ['%00', '%ff', '..%2f..', "'", '%F0%9F%92%A9', 'a'.repeat(600), '1e309', '{}', '%E2%80%AE'];
    const bodies: (string | undefined)[] = [
      undefined,
      '{}',
      '{"name":{}}',
      '{"name":[],"domain":1e400}',
      'x',
      '[1]',
    ];
    for (const { method, path } of operations()) {
      for (const [i, each] of odd.entries()) {
        const raw = method === 'get' ? undefined : bodies[i % bodies.length];
        const url = `${path.replace(/\{[a-z_]+\}/g, each)}?q=${each}&limit=${i}&name=${each}`;
        const answer = await world.as.admin(method.toUpperCase(), url, raw === undefined ? {} : { raw });
        expect({ method, url, status: answer.status }).toEqual({
          method,
          url,
          status: expect.toSatisfy((status: number) => status < 500),
        });
      }
    }
  }, 120_000);

  it('every route with an id has a foreign object above', () => {
    const not = ['of Foyer', 'platform'];
    const missing = operations()
      .filter(({ path }) => /\{[a-z_]+\}/.test(path))
      .filter(({ path, method }) => {
        const tags = document.paths[path]?.[method]?.tags ?? [];
        return !tags.some((tag) => not.some((each) => tag.includes(each)));
      })
      .filter(({ collection }) => !(collection in foreign));
    expect(missing).toEqual([]);
  });
});

const expectNothing = (what: string, answer: Answer): void => {
  // Metadata of an unknown parent is an empty object, as PlaceOS answers it.
  const empty = answer.status === 200 && ['{}', '[]'].includes(answer.text);
  expect({
    what,
    status: answer.status,
    text: answer.text,
    fine: empty || [403, 404].includes(answer.status),
  }).toEqual({
    what,
    status: expect.any(Number),
    text: expect.any(String),
    fine: true,
  });
};
