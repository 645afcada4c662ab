import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Foreseen, foreseeSignIn } from '#model/identities/foresee-sign-in.ts';
import { signInPolicyOf } from '#model/sources/sign-in-policy.ts';
import type { Source } from '#model/sources/source.ts';
import { type Broker, startBroker } from '../../flows/sign-in/broker.ts';
import type { Answer } from '../../support/browser.ts';
import { expectRefusedBrowser, expectSignedIn } from '../../support/expectations.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ config: { signInStartsPerMinute: 0 } });
});
afterAll(() => broker.close());

const switches = ['trusted', 'link_by_email', 'linking', 'provisioning'] as const;
const people = ['known', 'taken', 'upstream', 'verified', 'disabled'] as const;
type Cell = Record<(typeof switches)[number] | (typeof people)[number], boolean>;

const each = <Name extends string>(names: readonly Name[]): Record<Name, boolean>[] =>
  Array.from(
    { length: 2 ** names.length },
    (_, bits) =>
      Object.fromEntries(names.map((name, at) => [name, ((bits >> at) & 1) === 1])) as Record<Name, boolean>,
  );

const issuerOf = (): string => `${broker.provider.url}/token`;
let n = 0;

const foresee = (source: Source, subject: string, email: string, emailVerified: boolean) =>
  foreseeSignIn(broker.foyer.services.db, broker.domain.id, signInPolicyOf(source), {
    sourceId: source.id,
    issuer: issuerOf(),
    subject,
    subjectKey: 'id',
    subjectKeys: ['id'],
    email,
    emailVerified,
  });

const signIn = (source: Source, id: string, email: string, verified: boolean): Promise<Answer> => {
  broker.provider.next({ id, email, email_verified: verified });
  return broker.signIn(broker.foyer.browser(broker.domain.host), { source });
};

const kinds = { returning: 'sign_in', linked: 'link', created: 'create' } as const;

/** What the sign-in itself wrote down. */
const howOf = async (): Promise<keyof typeof kinds> => {
  const rows = await broker.audit();
  const last = rows.findLast((row) => row.action === 'sign_in' && row.outcome === 'ok');
  if (last === undefined) throw new Error('nobody was signed in');
  return (last.detail as { how: keyof typeof kinds }).how;
};

/** Seeds the accounts of a cell, foresees, and then signs in. */
const runCell = async (source: Source, cell: Cell): Promise<Foreseen> => {
  const email = `person${++n}@example.com`;
  const id = `id${n}`;
  const account = {
    email_verified: cell.verified,
    ...(cell.disabled && { disabled_at: new Date(Date.now()) }),
  };
  const { db } = broker.foyer.services;
  if (cell.taken) await broker.foyer.seedUser(broker.domain, { email, name: 'Holder', ...account });
  if (cell.known) {
    const own = await broker.foyer.seedUser(broker.domain, { email: `own${n}@example.com`, ...account });
    await db.kysely
      .insertInto('identities')
      .values({
        domain_id: broker.domain.id,
        source_id: source.id,
        issuer: issuerOf(),
        subject: id,
        user_id: own,
      })
      .execute();
  }
  const foreseen = await foresee(source, id, email, cell.upstream);
  const answer = await signIn(source, id, email, cell.upstream);
  if (foreseen.kind === 'refuse') {
    expectRefusedBrowser(answer, foreseen.code as never);
  } else {
    expectSignedIn(answer);
    expect(kinds[await howOf()]).toBe(foreseen.kind);
  }
  return foreseen;
};

describe('foreseeing a sign-in', () => {
  it.each(each(switches))('agrees with the sign-in about everybody: %j', async (settings) => {
    const source = await broker.addSource(broker.domain, {
      settings: {
        ...settings,
        trusted_email_domains: settings.trusted ? ['example.com'] : ['example.org'],
      },
    });
    const seen = new Set<string>();
    for (const person of each(people)) {
      const foreseen = await runCell(source, { ...settings, ...person });
      seen.add(foreseen.code ?? foreseen.kind);
      expect(foreseen.because).toMatch(/\.$/);
    }
    // A matrix in which everything came out the same would prove nothing.
    expect(seen.size).toBeGreaterThanOrEqual(4);
  });

  it('S-29 says which condition keeps two accounts apart', async () => {
    const source = await broker.addSource(broker.domain, {
      settings: { trusted_email_domains: ['example.com'] },
    });
    const because = async (address: string, upstream: boolean, seed: object): Promise<string> => {
      const email = `person${++n}@${address}`;
      await broker.foyer.seedUser(broker.domain, { email, ...seed });
      return (await foresee(source, `id${n}`, email, upstream)).because;
    };
    expect(await because('example.com', false, {})).toContain('does not say that the address is verified');
    expect(await because('example.org', true, {})).toContain('not trusted for this e-mail domain');
    expect(await because('example.com', true, {})).toContain('never verified here');
    const disabled_at = new Date(Date.now());
    expect(await because('example.com', true, { disabled_at })).toContain('it is disabled');
  });

  it('D-06 knows the key that a source is bound to, as the sign-in does', async () => {
    const source = await broker.addSource(broker.domain, {
      settings: { info_mappings: { uid: 'id,email' }, uid_key: 'email' },
    });
    const { db } = broker.foyer.services;
    const person = {
      sourceId: source.id,
      issuer: issuerOf(),
      subject: 'x',
      email: undefined,
      emailVerified: false,
    };
    const policy = signInPolicyOf(source);
    const ask = (subjectKey: string, subjectKeys: string[]) =>
      foreseeSignIn(db, broker.domain.id, policy, { ...person, subjectKey, subjectKeys });
    expect(await ask('id', ['id', 'email'])).toMatchObject({ kind: 'refuse', code: 'bad_profile' });
    expect(await ask('email', ['id', 'email'])).toMatchObject({ kind: 'create' });
    // Mapped to other keys since: the next sign-in binds anew.
    expect(await ask('id', ['id'])).toMatchObject({ kind: 'create' });
  });

  it('works for a source that does not exist yet', async () => {
    const source = { ...broker.source, id: 'oauth_strat-not-yet' as Source['id'] };
    expect(await foresee(source, 'a', 'nobody@example.com', false)).toEqual({
      kind: 'create',
      because: 'Nobody has this identity or the address nobody@example.com yet: an account would be made.',
    });
  });
});
