/** What a dry run leaves behind: nothing. In the store, in the log, and of a secret in any answer. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '#base/lib/log.ts';
import { clientSecret, type DryRunWorld, openDryRunWorld } from './dry-run-world.ts';

const nextSecret = 'nX2~canary-of-the-next-secret';
let world: DryRunWorld;
let logged = '';
const answers: string[] = [];

beforeAll(async () => {
  const log = createLog('trace', {
    write: (line) => {
      logged += line;
    },
  });
  world = await openDryRunWorld({ overrides: { log } });
  // Every answer of the server, whoever asked.
  const inject = world.foyer.inject as (request: object) => Promise<{ body: string; headers: object }>;
  const recording = async (request: object) => {
    const answer = await inject(request);
    answers.push(answer.body, JSON.stringify(answer.headers));
    return answer;
  };
  world.foyer.inject = recording as unknown as typeof world.foyer.inject;
});
afterAll(() => world.close());

/** Every row of every table, as text. */
const everyRow = async (): Promise<Map<string, string[]>> => {
  const { db } = world.foyer.services;
  const run = async <Row>(text: string) => (await sql.raw<Row>(text).execute(db.kysely)).rows;
  const tables = await run<{ name: string }>(
    `select table_name as name from information_schema.tables
      where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1`,
  );
  const rows = new Map<string, string[]>();
  for (const { name } of tables) {
    const found = await run<{ row: string }>(`select t::text as row from "${name}" t order by 1`);
    rows.set(
      name,
      found.map(({ row }) => row),
    );
  }
  return rows;
};

const draft = (more: object = {}) => world.draft({ next_client_secret: nextSecret, ...more });

const runs: [string, () => Promise<string>][] = [
  ['one that passes', async () => (await world.run(draft())).outcome],
  ['one that the decision refuses', async () => (await world.run(draft({ provisioning: false }))).code ?? ''],
  [
    'one that the provider refuses',
    async () => {
      world.entra.fault('AADSTS7000215');
      const { code } = await world.run(draft());
      world.entra.clearFaults();
      return code ?? '';
    },
  ],
  [
    'one whose profile is refused',
    async () => (await world.run(draft({ ensure_matching: { jobTitle: ['Astronaut'] } }))).code ?? '',
  ],
  ['one that the person cancels', async () => (await world.run(draft(), null)).code ?? ''],
  [
    'one that is given up',
    async () => (await world.finish(await world.start(draft()), { shown: 'AADSTS50011' })).outcome,
  ],
  [
    'checks and the mapping lab',
    async () => {
      const body = { authority_id: world.a.id, draft: draft() };
      const lab = { ...body, profile: { id: '1', mail: 'a@b.example' } };
      const preview = await world.as.admin('POST', '/mapping_previews', { json: lab });
      await world.as.admin('POST', '/source_checks', { json: { ...body, network: true } });
      await world.as.admin('POST', '/source_checks/discover', { json: { issuer: world.entra.tenantId } });
      return preview.body.decision.kind;
    },
  ],
];

describe('a dry run keeps nothing', () => {
  it.each(runs)('%s leaves every row of every table as it was, and no session', async (_name, run) => {
    // The keys of the installation and of the domain are made when they are first needed.
    await world.start(draft());
    const before = await everyRow();
    expect(before.size).toBeGreaterThan(20);
    const outcome = await run();
    expect(outcome).toBeTruthy();
    const after = await everyRow();
    for (const [table, rows] of before) {
      // A key remembers when it was last used; that is about the caller, not about the run.
      if (table === 'api_keys') expect(after.get(table)).toHaveLength(rows.length);
      else expect({ table, rows: after.get(table) }).toEqual({ table, rows });
    }
    expect(after.get('sessions')).toEqual([]);
  });

  it('S-94 S-140 the draft’s secrets are in no answer, no row and no log line', async () => {
    // Refusals are logged: of a ticket that is none, and of a draft that could not be saved.
    const { admin } = world.as;
    const refused = { authority_id: world.a.id, source_id: world.sourceId, reservation: world.reservation };
    expect((await admin('POST', '/dry_runs/finish', { json: { ticket: clientSecret } })).status).toBe(404);
    const wrong = { ...refused, draft: draft({ token_url: 'http://plain.example/' }) };
    expect((await admin('POST', '/dry_runs', { json: wrong })).status).toBe(422);
    const rows = [...(await everyRow()).values()].flat().join('\n');
    expect(logged).toContain('"msg"');
    expect(answers.join('').length).toBeGreaterThan(10_000);
    const encodings = (secret: string): string[] => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret).toString('hex'),
    ];
    for (const text of [...encodings(clientSecret), ...encodings(nextSecret)]) {
      expect(answers.some((answer) => answer.includes(text))).toBe(false);
      expect(rows).not.toContain(text);
      expect(logged).not.toContain(text);
    }
  });
});
