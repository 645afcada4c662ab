/** Whatever was edited in between: a roll-back restores the configuration byte for byte, and an edit clears the pass. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptPass } from '#flows/admin/sources/accept-pass.ts';
import { digestOfStored, type SourceFields } from '#flows/admin/sources/compose-source.ts';
import { promoteSecret } from '#flows/admin/sources/promote-secret.ts';
import { rollBackSource } from '#flows/admin/sources/roll-back-source.ts';
import { addSource, changeSource, getSource } from '#flows/admin/sources/save-source.ts';
import type { Domain } from '#model/domains/domain.ts';
import { passKey, sealPass } from '#model/sources/dry-run-pass.ts';
import { pinSubjectKey } from '#model/sources/pin-subject-key.ts';
import { findRevision } from '#model/sources/revision-store.ts';
import { openSecret, type StoredSource } from '#model/sources/source-store.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
let domain: Domain;
beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain();
});
afterAll(() => foyer.close());

const userId = 'user-0000000001';
const saver = { actor: { kind: 'user', id: userId }, userId } as const;
const deps = () => ({ ...foyer.services, validateSource: () => [] });

/** What a sign-in would work with. */
const effective = async (source: StoredSource): Promise<unknown> => {
  const { uid_key: _bound, ...settings } = source.settings;
  const secrets: Record<string, string> = {};
  for (const [field, sealed] of Object.entries(source.secrets)) {
    secrets[field] = await openSecret(foyer.services.keyring, domain.id, source.id, field, sealed);
  }
  return { name: source.name, settings, secrets };
};

const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((each) => !/[\0\s<]/.test(each));
const secret = fc.option(
  fc.string({ minLength: 1, maxLength: 20 }).filter((each) => /^[^*•●\s]+$/.test(each)),
  { nil: null },
);
const mapping = fc.dictionary(fc.constantFrom('uid', 'email', 'name', '10', '9'), text, { maxKeys: 4 });
// Every edit brings both secrets, or clears them, so that no destination is refused (S-96).
const edit: fc.Arbitrary<SourceFields> = fc
  .record(
    {
      name: text,
      enabled: fc.boolean(),
      client_id: text,
      scope: text,
      site: fc.constantFrom('https://one.test', 'https://two.test'),
      raw_info_url: fc.option(text, { nil: null }),
      info_mappings: mapping,
      ensure_matching: fc.dictionary(text, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }),
      pkce: fc.boolean(),
      client_secret_expires_at: fc.option(fc.integer({ min: 0, max: 2_000_000_000 }), { nil: null }),
    },
    { requiredKeys: [] },
  )
  .chain((fields) =>
    fc.tuple(secret, secret).map(([client_secret, next_client_secret]) => ({
      ...fields,
      client_secret,
      next_client_secret,
    })),
  ) as fc.Arbitrary<SourceFields>;

const step = fc.oneof(
  { weight: 6, arbitrary: edit.map((fields) => ({ kind: 'edit' as const, fields })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'promote' as const }) },
  { weight: 1, arbitrary: fc.constantFrom('a', 'b').map((key) => ({ kind: 'bind' as const, key })) },
);

const begin = async (): Promise<StoredSource> => {
  const { id } = await addSource(deps(), saver, {
    domainId: domain.id,
    kind: 'oauth2',
    fields: {
      name: 'First',
      client_id: 'app',
      client_secret: 'the-first-secret',
      info_mappings: { uid: 'a,b' },
    },
  });
  return getSource(deps(), { scope: domain.id, id });
};

describe('roll-back', () => {
  it('restores the effective configuration of any version after any edits, and leaves the bound user id alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), fc.nat(), async (steps, pick) => {
        const { id } = await begin();
        const target = { scope: domain.id, id, ifMatch: undefined };
        const now = (): Promise<StoredSource> => getSource(deps(), target);
        const history = new Map<number, unknown>([[1, await effective(await now())]]);
        for (const each of steps) {
          if (each.kind === 'edit') await changeSource(deps(), saver, { ...target, fields: each.fields });
          else if (each.kind === 'bind') {
            await pinSubjectKey(foyer.services.db, saver.actor, domain.id, id, each.key).catch(() => {});
          } else await promoteSecret(deps(), saver, target).catch(() => {});
          const source = await now();
          history.set(source.version, await effective(source));
        }
        const before = await now();
        const version = [...history.keys()][pick % history.size] as number;
        await rollBackSource(deps(), saver, { ...target, version });
        const after = await now();
        expect(await effective(after)).toEqual(history.get(version));
        expect(JSON.stringify(after.settings.uid_key)).toBe(JSON.stringify(before.settings.uid_key));
        expect(after.enabled).toBe(before.enabled);
        const kept = await findRevision(foyer.services.db, domain.id, id, version);
        expect(after.secrets, 'the sealed bytes themselves').toEqual(kept?.secrets);
      }),
      {
        numRuns: 40,
        examples: [
          [
            [
              {
                kind: 'edit',
                fields: {
                  ensure_matching: JSON.parse('{"__proto__":["x"]}'),
                  client_secret: 'a',
                  next_client_secret: null,
                },
              },
            ],
            1,
          ],
        ],
      },
    );
  }, 120_000);
});

describe('a pass', () => {
  it('is cleared by every edit of the configuration, and by nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(edit, async (fields) => {
        const source = await begin();
        const target = { scope: domain.id, id: source.id, ifMatch: undefined };
        const { keyring, clock, db } = foyer.services;
        const digest = await digestOfStored(deps(), source);
        const pass = { domainId: domain.id, digest, userId, atMs: clock.nowMs() };
        await acceptPass(deps(), saver, source, sealPass(await passKey(keyring), pass));
        const tested = await effective(source);
        await changeSource(deps(), saver, { ...target, fields });
        const now = await getSource(deps(), target);
        const revision = await findRevision(db, domain.id, source.id, now.version);
        const isSame = JSON.stringify(await effective(now)) === JSON.stringify(tested);
        expect(revision?.test !== undefined).toBe(isSame);
        // And it comes back with what was tested.
        await rollBackSource(deps(), saver, { ...target, version: 1 });
        const restored = await getSource(deps(), target);
        expect((await findRevision(db, domain.id, source.id, restored.version))?.test).toEqual({
          at: new Date(pass.atMs),
          by: userId,
        });
      }),
      {
        numRuns: 40,
        examples: [
          [{ client_secret: 'the-first-secret' }],
          [{ enabled: false }],
          [{ client_secret_expires_at: 1 }],
          [{}],
        ],
      },
    );
  }, 120_000);
});
