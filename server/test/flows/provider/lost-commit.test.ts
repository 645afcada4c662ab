/** the connection breaks at the commit, so that nobody knows whether it happened; then the client tries again. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Domain } from '#model/domains/domain.ts';
import type { Db } from '#model/tables.ts';
import type { Browser } from '../../support/browser.ts';
import { expectRefusedToken } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import {
  codeFrom,
  exchange,
  isLive,
  type RegisteredApp,
  refresh,
  registerApp,
  signIn,
  tokensFor,
} from './support.ts';

let foyer: Foyer;
let broken: Foyer;
let domain: Domain;
let app: RegisteredApp;
let browser: Browser;
/** Name of the statement whose answer gets lost, or that never arrives. */
let lost: { name: string; arrives: boolean } | undefined;

const breaking = (db: Db): Db => ({
  ...db,
  async run<Row>(statement: Parameters<Db['run']>[0], parameters: readonly unknown[]) {
    const fault = lost?.name === statement.name ? lost : undefined;
    const rows = fault?.arrives === false ? [] : await db.run<Row>(statement, parameters);
    if (fault) throw Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' });
    return rows;
  },
});

beforeAll(async () => {
  foyer = await startFoyer();
  broken = await startFoyer({ sameStoreAs: foyer, overrides: { db: breaking(foyer.services.db) } });
  domain = await foyer.seedDomain();
  app = await registerApp(foyer, domain);
  ({ browser } = await signIn(foyer, domain));
});
afterAll(async () => {
  await broken.app.close();
  await foyer.close();
});

describe('a commit whose outcome is unknown', () => {
  it.each([true, false])(
    'R-04 of a refresh that did happen (%s): the retry, on another node, is answered',
    async (arrives) => {
      const { refresh_token, access_token } = await tokensFor(browser, app);
      lost = { name: 'refresh_rotate', arrives };
      const failed = await refresh(broken.browser(domain.host), app, refresh_token);
      lost = undefined;
      expect(failed.status).toBe(503);
      expect(failed.json().error).toBe('temporarily_unavailable');
      expect(failed.headers['retry-after']).toBeDefined();
      const retry = await refresh(browser, app, refresh_token);
      expect(retry.status).toBe(200);
      const again = await refresh(browser, app, refresh_token);
      expect(again.json().refresh_token).toBe(retry.json().refresh_token);
      expect(await isLive(browser, access_token)).toBe(true);
    },
  );

  it('R-04 of an exchange that did not happen: the retry is answered', async () => {
    const code = await codeFrom(browser, app);
    lost = { name: 'code_redeem', arrives: false };
    const failed = await exchange(broken.browser(domain.host), app, code);
    lost = undefined;
    expect(failed.status).toBe(503);
    expect((await exchange(browser, app, code)).status).toBe(200);
  });

  it('R-04, S-58 of an exchange that did happen: the retry is a replay, and a new authorization is answered', async () => {
    const code = await codeFrom(browser, app);
    lost = { name: 'code_redeem', arrives: true };
    expect((await exchange(broken.browser(domain.host), app, code)).status).toBe(503);
    lost = undefined;
    expectRefusedToken(await exchange(browser, app, code), 'invalid_grant');
    expect((await exchange(browser, app, await codeFrom(browser, app))).status).toBe(200);
  });

  it('R-01 leaves tokens, their use and the audit row together or not at all', async () => {
    const { db } = foyer.services;
    const { rows } = await sql<{ used: number; issued: number; audited: number }>`
      select (select count(*)::int from authorization_codes where used_at is not null) as used,
             (select count(distinct family_id)::int from refresh_tokens) as issued,
             (select count(*)::int from audit where action = 'token.issue') as audited`.execute(db.kysely);
    expect(rows[0]?.used).toBeGreaterThan(0);
    expect(rows[0]).toEqual({ used: rows[0]?.used, issued: rows[0]?.used, audited: rows[0]?.used });
  });
});
