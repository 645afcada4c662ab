/** A source with two secrets, at a provider that takes one of them, or none. */
import { describe, expect, it } from 'vitest';
import { FoyerError } from '#base/lib/errors.ts';
import { type ClientSecrets, createClientSecrets } from '#upstream/identity/oauth2/client-secrets.ts';
import { type FakeProvider, startFakeProvider } from './fake-provider.ts';
import { openSource, refusalOf, start } from './open-source.ts';

const refused = (evidence: object): FoyerError =>
  new FoyerError('upstream_refused', { evidence: { ...evidence } });
const wrong = refused({ error: 'invalid_client' });

const pair = (more: object = {}): ClientSecrets =>
  createClientSecrets({
    authScheme: 'request_body',
    clientSecret: 'one',
    nextClientSecret: 'two',
    ...more,
  });

/** Sends with these secrets; the provider takes only `right`. Answers what was sent. */
const send = async (
  secrets: ClientSecrets,
  right: string,
  error: unknown = wrong,
): Promise<{ sent: string[]; failure?: unknown }> => {
  const sent: string[] = [];
  const done = secrets.use(async (secret, slot) => {
    sent.push(`${slot} ${secret}`);
    if (secret !== right) throw error;
  });
  try {
    await done;
    return { sent };
  } catch (failure) {
    return { sent, failure };
  }
};

describe('two secrets of a client', () => {
  it('tries the second when the first is refused, and begins with it from then on', async () => {
    const secrets = pair();
    expect(await send(secrets, 'one')).toEqual({ sent: ['first one'] });
    expect(await send(secrets, 'two')).toEqual({ sent: ['first one', 'second two'] });
    expect(await send(secrets, 'two')).toEqual({ sent: ['second two'] });
    expect(await send(secrets, 'one')).toEqual({ sent: ['second two', 'first one'] });
    expect(await send(secrets, 'one')).toEqual({ sent: ['first one'] });
  });

  it.each([
    [{ error: 'invalid_client' }],
    [{ error: 'unauthorized_client', errorCodes: [7000222] }],
    [{ errorCodes: [7000215] }],
    [{ error: 'incorrect_client_credentials' }],
  ])('knows a refused secret by %j', async (evidence) => {
    expect((await send(pair(), 'two', refused(evidence))).sent).toHaveLength(2);
  });

  it.each([
    ['a refused code', refused({ error: 'invalid_grant', errorCodes: [54005] })],
    ['a provider that is down', new FoyerError('upstream_timeout')],
    ['a bug', new TypeError('x')],
  ])('leaves %s alone', async (_what, error) => {
    expect(await send(pair(), 'two', error)).toEqual({ sent: ['first one'], failure: error });
  });

  it('says what the provider said of the one in use when it takes neither', async () => {
    const secrets = pair();
    const first = refused({ errorCodes: [7000222] });
    const second = refused({ errorCodes: [7000215] });
    const sent: string[] = [];
    const failure = await secrets
      .use(async (_secret, slot) => {
        sent.push(slot);
        throw slot === 'first' ? first : second;
      })
      .catch((error: unknown) => error);
    expect(failure).toBe(first);
    expect(sent).toEqual(['first', 'second']);
    expect((await send(secrets, 'one')).sent).toEqual(['first one']);
  });

  it('has nothing to try without a second secret, or where no secret is sent', async () => {
    for (const none of [pair({ nextClientSecret: '' }), pair({ authScheme: 'private_key_jwt' })]) {
      expect(await send(none, 'two')).toEqual({ sent: ['first one'], failure: wrong });
    }
  });
});

describe('a source with two secrets', () => {
  const settingsAt = (provider: FakeProvider, authScheme: string) => ({
    client_id: 'foyer-client',
    client_secret: 'the-first-secret',
    next_client_secret: 'the-second-secret',
    site: provider.url,
    authorize_url: '/authorize',
    token_url: '/token',
    auth_scheme: authScheme,
    scope: 'profile',
    raw_info_url: '/me',
    info_mappings: { uid: 'sub' },
  });

  it.each(['request_body', 'basic_auth'])(
    'S-26 renews by %s with either, and tells the slot, not the secret',
    async (scheme) => {
      const provider = await startFakeProvider();
      provider.replies['/token'] = { status: 401, body: { error: 'invalid_client' } };
      const opened = openSource(settingsAt(provider, scheme), { allow: provider.rule });
      const attempt = await start(opened);
      const state = new URL(attempt.url).searchParams.get('state');
      const refusal = await refusalOf(attempt.finish(`/cb?code=a-code&state=${state}`));
      expect(refusal.evidence).toMatchObject({ step: 'token', error: 'invalid_client' });
      const sent = provider.seen
        .filter(({ path }) => path === '/token')
        .map(({ body, headers }) =>
          scheme === 'basic_auth'
            ? Buffer.from(String(headers.authorization).slice('Basic '.length), 'base64')
                .toString()
                .split(':')[1]
            : new URLSearchParams(body).get('client_secret'),
        );
      expect(sent).toEqual(['the-first-secret', 'the-second-secret']);
      const codes = provider.seen
        .filter(({ path }) => path === '/token')
        .map(({ body }) => new URLSearchParams(body).get('code'));
      expect(codes).toEqual(['a-code', 'a-code']);
      const step = opened.steps.find(({ name }) => name === 'token');
      expect(step).toMatchObject({ outcome: 'failed', detail: { secret: 'second' } });
      expect(JSON.stringify(opened.steps)).not.toMatch(/the-(first|second)-secret/);
    },
  );
});
