import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifiedKeyPurpose } from '#base/http/session-cookie.ts';
import { seedLocalPerson, signIn } from '../../flows/account/local-person.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';

let foyer: Foyer;
beforeAll(async () => {
  foyer = await startFoyer();
});
afterAll(() => foyer.close());

const cookiesOf = (response: { headers: Record<string, unknown> }): string[] =>
  [response.headers['set-cookie'] ?? []].flat() as string[];
const named = (cookies: string[], name: string): string =>
  cookies.find((cookie) => cookie.startsWith(`${name}=`)) ?? '';

it('S-89 sets the cookie of static files from the session, as long-lived as it, and clears both together', async () => {
  const domain = await foyer.seedDomain();
  await seedLocalPerson(foyer, domain);
  const browser = foyer.browser(domain.host);
  const set = cookiesOf(await signIn(browser));
  const session = named(set, '__Host-foyer_session');
  const verified = named(set, 'verified');
  const attributes = (cookie: string): string[] => cookie.split('; ').slice(1).sort();
  expect(attributes(verified)).toEqual(attributes(session));
  const value = session.split('; ')[0]?.split('=')[1] ?? '';
  const id = createHash('sha256').update(value).digest('hex').slice(0, 16);
  const key = await foyer.services.keyring.purposeKey(verifiedKeyPurpose);
  const mac = createHmac('sha256', key).update(id).digest('hex');
  expect(verified.startsWith(`verified=${id}.${mac};`)).toBe(true);

  const cleared = cookiesOf(await browser.get('/auth/logout'));
  expect(named(cleared, 'verified')).toContain('Max-Age=0');
  expect(named(cleared, '__Host-foyer_session')).toContain('Max-Age=0');
});
