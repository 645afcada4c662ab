import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remindOfSecrets } from '#flows/upkeep/remind-of-secrets.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Source } from '#model/sources/source.ts';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

const dayMs = 86_400_000;
const secret = 'canary-secret-value';

let hook: Server;
let hookStatus = 200;
let hits: { type: string | undefined; body: Record<string, unknown> }[] = [];
let smtp: SmtpSink;
let foyer: Foyer;
let domain: Domain;
let source: Source;

beforeEach(async () => {
  hits = [];
  hookStatus = 200;
  hook = createServer((request, response) => {
    text(request).then((body) => {
      hits.push({ type: request.headers['content-type'], body: JSON.parse(body) as Record<string, unknown> });
      response.writeHead(hookStatus).end();
    });
  });
  await new Promise<void>((resolve) => {
    hook.listen(0, '127.0.0.1', resolve);
  });
  const { port } = hook.address() as AddressInfo;
  smtp = await startSmtpSink();
  const config = { egressAllow: `127.0.0.1:${port}`, smtpUrl: smtp.url, mailFrom: 'foyer@foyer.test' };
  foyer = await startFoyer({ config });
  domain = await foyer.seedDomain({
    host: 'a.test',
    warningEmails: ['ops@a.test', 'boss@a.test'],
    warningWebhookUrl: `http://127.0.0.1:${port}/hook`,
  });
  source = await foyer.seedSource(domain, {
    name: 'Entra\r\nBcc: evil@evil.test\u202e',
    settings: { client_secret: secret },
  });
});
afterEach(async () => {
  await foyer.close();
  await smtp.close();
  hook.closeAllConnections();
  hook.close();
});

const run = (): Promise<number> => remindOfSecrets(foyer.services);
const seconds = (ms: number): number => Math.floor(ms / 1_000);
/** The end of the secret, `days` from the clock's now. */
const endsIn = async (days: number, fields: Record<string, unknown> = {}): Promise<number> => {
  const expiresAt = seconds(foyer.clock.nowMs() + days * dayMs);
  await foyer.services.db.kysely
    .updateTable('sources')
    .set({
      secret_notes: JSON.stringify({ client_secret: { fingerprint: 'f', expires_at: expiresAt } }),
      ...fields,
    })
    .where('id', '=', source.id)
    .execute();
  return expiresAt;
};
const audited = async () =>
  (
    await foyer.services.db.kysely
      .selectFrom('audit')
      .select(['action', 'source_id', 'actor_kind', 'fields', 'detail'])
      .where('domain_id', '=', domain.id)
      .orderBy('at')
      .execute()
  ).map(({ detail, ...row }) => ({ ...row, days: (detail as { days: number }).days }));

describe('warnings before a secret ends', () => {
  it('come at 60, 30, 14, 7 and 1 days and at the end, once each', async () => {
    await endsIn(61.5);
    for (let day = 0; day < 65; day++) {
      await run();
      await run();
      foyer.clock.advance(dayMs);
    }
    const days = [60, 30, 14, 7, 1, 0];
    expect((await audited()).map((row) => row.days)).toEqual(days);
    expect((await audited())[0]).toEqual({
      action: 'secret.expiring',
      source_id: source.id,
      actor_kind: 'system',
      fields: ['client_secret'],
      days: 60,
    });
    expect(hits.map(({ body }) => body.days_left)).toEqual(days);
    expect(smtp.mails).toHaveLength(6);
  });

  it('say what ends where and when, and nothing of the secret', async () => {
    const expiresAt = await endsIn(6.5);
    await run();
    expect(hits).toEqual([
      {
        type: 'application/json',
        body: {
          type: 'secret.expiring',
          domain: 'a.test',
          source: { id: source.id, name: source.name },
          field: 'client_secret',
          days_left: 7,
          expires_at: expiresAt,
          console_url: `https://a.test/backoffice/domains/${domain.id}/authentication/${source.id}`,
        },
      },
    ]);
    const [mail] = smtp.mails;
    expect(mail?.to).toEqual(['ops@a.test', 'boss@a.test']);
    const raw = (mail?.raw ?? '').replaceAll('=\n', '');
    expect(raw).toMatch(/^From: foyer@foyer\.test$/m);
    expect(raw).toContain('ends in 7 days');
    expect(raw).toContain(`/authentication/${source.id}`);
    expect(JSON.stringify([hits, smtp.mails])).not.toContain(secret);
  });

  it('S-143 a name that an administrator typed adds no header to the mail', async () => {
    await endsIn(6.5);
    await run();
    const raw = (smtp.mails[0]?.raw ?? '').replaceAll('=\n', '');
    expect(raw).not.toMatch(/^Bcc:/im);
    expect(raw).toContain('the sign-in source "Entra Bcc: evil@evil.test" at a.test');
    expect(smtp.mails[0]?.to).not.toContain('evil@evil.test');
  });

  it('skip the steps that were over when the end was entered', async () => {
    await endsIn(5);
    await run();
    expect((await audited()).map((row) => row.days)).toEqual([5]);
    foyer.clock.advance(3 * dayMs);
    await run();
    expect(hits).toHaveLength(1);
  });

  it('begin anew with a new secret', async () => {
    await endsIn(5);
    await run();
    await endsIn(6);
    await run();
    expect(hits.map(({ body }) => body.days_left)).toEqual([5, 6]);
  });

  it('are given once by two nodes', async () => {
    const second = await startFoyer({ sameStoreAs: foyer, config: foyer.services.config });
    await endsIn(5);
    const claimed = await Promise.all(
      [foyer, second, foyer, second].map(({ services }) => remindOfSecrets(services)),
    );
    await second.close();
    expect(claimed.sort()).toEqual([0, 0, 0, 1]);
    expect(await audited()).toHaveLength(1);
    expect(hits).toHaveLength(1);
    expect(smtp.mails).toHaveLength(1);
  });

  it('that fail are tried again, each way for itself, five times at most', async () => {
    hookStatus = 500;
    await endsIn(20);
    for (let i = 0; i < 8; i++) {
      await run();
      foyer.clock.advance(3_600_000);
    }
    expect(hits).toHaveLength(5);
    expect(smtp.mails).toHaveLength(1);
    hookStatus = 200;
    smtp.refusing = true;
    foyer.clock.advance(7 * dayMs);
    await run();
    await run();
    expect(hits).toHaveLength(6);
    smtp.refusing = false;
    foyer.clock.advance(3_600_000);
    await run();
    expect(hits).toHaveLength(6);
    expect(smtp.mails).toHaveLength(2);
    expect(await audited()).toHaveLength(2);
  });

  it.each([
    ['is not near its end', 61, {}],
    ['belongs to a draft that nobody ever used', 5, { enabled: false }],
    ['is not set any more', 5, { secrets: '{}' }],
  ])('do not come for a secret that %s', async (_what, days, fields) => {
    await endsIn(days, fields);
    expect(await run()).toBe(0);
    expect(await audited()).toEqual([]);
  });

  it('come for a disabled source through which people have signed in', async () => {
    await endsIn(5, { enabled: false });
    const userId = await foyer.seedUser(domain);
    await foyer.services.db.kysely
      .insertInto('identities')
      .values({ domain_id: domain.id, source_id: source.id, issuer: '', subject: 's', user_id: userId })
      .execute();
    expect(await run()).toBe(1);
  });

  it('R-18 a note that nobody of this version wrote stops no other', async () => {
    const odd = await foyer.seedSource(domain, { settings: { client_secret: secret } });
    const set = (secretNotes: string) =>
      foyer.services.db.kysely
        .updateTable('sources')
        .set({ secret_notes: secretNotes })
        .where('id', '=', odd.id)
        .execute();
    await endsIn(5);
    for (const notes of ['[]', '"x"', '{"client_secret":7}', '{"client_secret":{"expires_at":"soon"}}']) {
      await set(notes);
      await run();
    }
    expect(hits).toHaveLength(1);
  });

  it('are in the audit log even where nobody is to be told', async () => {
    await foyer.services.db.kysely
      .updateTable('domains')
      .set({ warning_emails: [], warning_webhook_url: '' })
      .execute();
    await endsIn(5);
    expect(await run()).toBe(1);
    expect(await audited()).toHaveLength(1);
    expect([hits, smtp.mails]).toEqual([[], []]);
  });
});
