/**
 * Sign-in, dry run and mapping lab ask one function, and this looks whether they still do: 100,000 generated profiles
 * through the source's own second half of a sign-in, once as sign-in runs it and once as a dry run does, and through the
 * lab's use case.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Egress, EgressRequest } from '#base/lib/egress/egress.ts';
import { readAnswer } from '#base/lib/egress/read-answer.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import type { Identity, RedirectFinish } from '#upstream/identity/identity-source.ts';
import { openOAuth2 } from '#upstream/identity/oauth2/open.ts';
import { personView } from '../../../src/flows/admin/dry-runs/person-view.ts';
import { previewMapping } from '../../../src/flows/admin/dry-runs/preview-mapping.ts';
import { openDraft } from '../../../src/flows/admin/dry-runs/start-dry-run.ts';
import { createTestClock } from '../../support/test-clock.ts';

const count = Number(process.env.FOYER_PROFILES ?? 100_000);
const seed = 20_261_125;

/** Mulberry32: the same numbers on every machine. */
const randomFrom = (start: number) => {
  let state = start;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const keys = [
  'id',
  'sub',
  'mail',
  'userPrincipalName',
  'user_principal_name',
  'email',
  'email_verified',
  'givenName',
  'given_name',
  'surname',
  'displayName',
  'mobilePhone',
  'groups',
  'department',
  'address',
  'name.first',
  '__proto__',
  'constructor',
  'toString',
  'https://ns.example/role',
  '',
  'Mail',
  'MAIL',
  'jobTitle',
  'country',
];
const texts = [
  '',
  ' ',
  'alice',
  'alice@contoso.example',
  'Alice@Contoso.Example ',
  'not an address',
  'Ädele Øster',
  '张伟',
  '👩‍💻',
  '\u202egnp.exe',
  'a\nb',

  '<script>alert(1)</script>',
  "'; drop table users; --",
  'ſtaff',
  'staff',
  'STAFF',
  'x'.repeat(255),
  'x'.repeat(300),
  'x'.repeat(600),
  '0',
  'true',
  'null',
  ' padded ',
  '\u2028',
  'admin',
  'a,b',
];

/** Texts that no profile may have; rare, so that what is behind them is looked at too. */
const unstorable = ['\u0000', '\ud800'];

type Random = () => number;
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

const anyValue = (random: Random, depth: number): unknown => {
  const kind = random();
  if (kind < 0.005) return pick(random, unstorable);
  if (kind < 0.55) return pick(random, texts);
  if (kind < 0.63) return null;
  if (kind < 0.71) return pick(random, [0, 1, -1, 4_711, 1.5, 1e21, 2 ** 53, 9_007_199_254_740_991]);
  if (kind < 0.77) return random() < 0.5;
  if (kind < 0.87 || depth > 3) {
    return Array.from({ length: Math.floor(random() * 4) }, () =>
      pick(random, [...texts.slice(2, 10), null, 7]),
    );
  }
  return profileOf(random, depth + 1, 4);
};

const profileOf = (random: Random, depth: number, most: number): Record<string, unknown> => {
  const profile: Record<string, unknown> = {};
  const size = Math.floor(random() * most);
  for (let at = 0; at < size; at++) {
    const value = anyValue(random, depth);
    // A key as JSON has it, even where an object literal would mean something else by it.
    Object.defineProperty(profile, pick(random, keys), {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return profile;
};

const base = {
  client_id: 'client',
  client_secret: 'secret',
  site: 'https://idp.example',
  authorize_url: '/authorize',
  token_url: '/token',
  raw_info_url: '/me',
  scope: 'profile offline_access',
};
const tokens = {
  access_token: 'token',
  refresh_token: 'refresh_token',
  expires: 'expires',
  expires_at: 'expires_at',
};

const sources: Record<string, unknown>[] = [
  {
    ...base,
    info_mappings: {
      uid: 'id',
      email: 'mail,userPrincipalName',
      first_name: 'givenName',
      last_name: 'surname',
      ...tokens,
    },
  },
  {
    ...base,
    info_mappings: {
      uid: 'sub,id,mail',
      email: 'email',
      name: 'displayName',
      groups: 'groups',
      country: 'address.country',
    },
    ensure_matching: { jobTitle: ['staff', '^adm.n$'] },
  },
  {
    ...base,
    uid_key: 'id',
    info_mappings: {
      uid: 'sub,id',
      email: 'Mail',
      phone: 'mobilePhone',
      department: 'department',
      made_up: 'id',
      misc: '__proto__',
    },
    ensure_matching: { country: ['alice'], 'address.country': ['^.*$'] },
  },
  {
    ...base,
    info_mappings: {
      uid: 'name.first,https://ns.example/role',
      nickname: 'constructor,toString',
      email: 'email',
    },
  },
];

const clock = createTestClock();
const answer = (text: string, { accept = 'json', step }: EgressRequest) =>
  readAnswer(
    { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) },
    { accept, maxBytes: 1_048_576, step },
  );
const tokenText = JSON.stringify({
  access_token: 'at',
  refresh_token: 'rt',
  token_type: 'Bearer',
  expires_in: 3600,
});

/** A provider in this process: the token is always the same, the profile whatever is next. */
const inProcess = () => {
  const next = { profile: '{}' };
  const egress: Egress = {
    request: (request) => answer(request.step === 'token' ? tokenText : next.profile, request),
    checkUrl: (url) => new URL(url),
    stats: () => ({ origins: 0, active: 0, waiting: 0, circuitsOpen: 0 }),
    close: async () => {},
  };
  return { next, egress };
};

const finish: RedirectFinish = {
  rawParams: { code: 'c', state: 's' },
  redirectUri: 'https://foyer.example/auth/oauth2/callback?id=x',
  nonce: 'n',
  codeVerifier: 'v',
};

/** The person, or the refusal, as one text. */
const told = async (work: Promise<Identity>): Promise<string> => {
  try {
    return JSON.stringify(personView(await work));
  } catch (error) {
    if (!isFoyerError(error)) throw error;
    return `${error.code}: ${error.detail}`;
  }
};

describe('mapping lab, dry run and sign-in', () => {
  it(`agree about ${count} profiles`, { timeout: 900_000 }, async () => {
    const random = randomFrom(seed);
    const { stackTraceLimit } = Error;
    // Most profiles are refused, and nobody reads where.
    Error.stackTraceLimit = 0;
    onTestFinished(() => {
      Error.stackTraceLimit = stackTraceLimit;
    });
    const { next, egress } = inProcess();
    const opened = sources.map((settings) => {
      const { client_secret, ...rest } = settings;
      return {
        settings: rest,
        signIn: openOAuth2(settings, { egress, clock }),
        dryRun: openDraft({ egress, clock }, { kind: 'oauth2', settings: rest, secrets: { client_secret } }),
      };
    });
    const seen = new Map<string, number>();
    let steps = 0;
    for (let n = 0; n < count; n++) {
      next.profile = JSON.stringify(profileOf(random, 0, 14));
      // Patterns are compiled anew by the lab each time, which is what takes the time here.
      const { settings, signIn, dryRun } = opened[
        n % 16 === 0 ? 1 + (n & 16 ? 1 : 0) : 3 * (n & 1)
      ] as (typeof opened)[number];
      const bySignIn = await told(signIn.finishRedirect?.(finish) as Promise<Identity>);
      const byDryRun = await told(
        dryRun.finishRedirect({ ...finish, onStep: () => steps++, onProfile: () => undefined }),
      );
      const pasted = { profile: JSON.parse(next.profile), claims: undefined };
      const preview = await previewMapping(
        { db: undefined as never, clock },
        { domainId: undefined, sourceId: undefined, settings },
        pasted,
      );
      const byLab = preview.person
        ? JSON.stringify(preview.person)
        : `${preview.refusal?.code}: ${preview.refusal?.detail}`;
      if (bySignIn !== byDryRun || bySignIn !== byLab) {
        expect({ profile: next.profile, settings, byDryRun, byLab }).toEqual({
          profile: next.profile,
          settings,
          byDryRun: bySignIn,
          byLab: bySignIn,
        });
      }
      const kind = preview.refusal?.code ?? 'person';
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    // Every kind of outcome was common enough to mean something.
    for (const kind of ['person', 'bad_profile', 'not_permitted']) {
      expect(seen.get(kind) ?? 0).toBeGreaterThan(count / 50);
    }
    expect(steps).toBeGreaterThan(count * 3);
  });
});
