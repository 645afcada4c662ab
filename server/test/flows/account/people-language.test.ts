/** The pages that people see, in German where their browser asks for German first. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentenceOf } from '#base/lib/error-sentences.ts';
import { type ErrorCode, errorTable } from '#base/lib/errors.ts';
import { accountWords } from '#flows/account/words.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { Browser } from '../../support/browser.ts';
import { expectSignedIn } from '../../support/expectations.ts';
import { type Foyer, startFoyer } from '../../support/start-foyer.ts';
import { seedLocalPerson, signIn } from './local-person.ts';

let foyer: Foyer;
let domain: Domain;
let browser: Browser;
const german = { headers: { 'accept-language': 'de-DE,de;q=0.9,en;q=0.8' } };

beforeAll(async () => {
  foyer = await startFoyer();
  domain = await foyer.seedDomain({ name: 'Contoso' });
  browser = foyer.browser(domain.host);
  await foyer.seedSource(domain, { name: 'Microsoft' });
  await seedLocalPerson(foyer, domain);
});
afterAll(() => foyer.close());

/** Every English text of the pages that German says otherwise. */
const englishTexts = (english: object, other: object): string[] =>
  Object.entries(english).flatMap(([name, text]) => {
    const translated = (other as Record<string, unknown>)[name];
    if (typeof text === 'object') return englishTexts(text, translated as object);
    return typeof text === 'string' && text !== translated ? [text] : [];
  });
const english = englishTexts(accountWords.en, accountWords.de);
const textOf = (body: string): string =>
  body
    .slice(body.indexOf('<main>'))
    .replace(/<[^>]+>/g, '\n')
    .replace(/[ \t]+/g, ' ');
const leftOver = (body: string): string[] => {
  const lines = textOf(body)
    .split('\n')
    .map((line) => line.trim());
  return english.filter((text) => lines.includes(text));
};

describe('the sign-in page', () => {
  it('is German for a browser that asks for it first, and English for every other', async () => {
    const page = (await browser.get('/login?notice=signed_out', german)).body;
    expect(page).toContain('<html lang="de">');
    expect(textOf(page)).toContain('Anmelden bei Contoso');
    expect(textOf(page)).toContain('Weiter mit Microsoft');
    expect(textOf(page)).toContain('Sie sind abgemeldet.');
    expect(leftOver(page)).toEqual([]);
    for (const accepted of ['en-GB,en;q=0.9,de;q=0.8', 'fr', '', 'den', '*']) {
      const other = await browser.get('/login', { headers: { 'accept-language': accepted } });
      expect(other.body, accepted).toContain('<html lang="en">');
      expect(textOf(other.body)).toContain('Sign in to Contoso');
    }
  });

  it('says why a sign-in was refused', async () => {
    const form = { email: 'ada@example.test', password: 'wrong', continue: '/account' };
    const { body } = await foyer.browser(domain.host).post('/auth/signin', { form, ...german });
    expect(textOf(body)).toContain('Die E-Mail-Adresse oder das Passwort ist falsch.');
    expect(leftOver(body)).toEqual([]);
  });
});

describe('the account page', () => {
  it('is German throughout, dates and distances too', async () => {
    expectSignedIn(await signIn(browser));
    const page = (await browser.get('/account?notice=session_ended', german)).body;
    expect(page).toContain('<html lang="de">');
    expect(textOf(page)).toContain('Wo Sie angemeldet sind');
    expect(textOf(page)).toMatch(/\d{2}\.\d{2}\.\d{4}, \d{2}:\d{2} UTC/);
    expect(textOf(page)).toMatch(/zuletzt gesehen (gerade eben|vor)/);
    expect(leftOver(page)).toEqual([]);
  });

  it('says what is wrong with a new password', async () => {
    const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.get('/account')).body)?.[1] ?? '';
    const form = { csrf, current_password: 'x', password: 'a long one', password_again: 'another' };
    const { body } = await browser.post('/account/password', { form, ...german });
    expect(textOf(body)).toContain('Neues Passwort, noch einmal ist nicht dasselbe wie das neue Passwort.');
  });
});

describe('the page of a failure', () => {
  it('is German for the person and for the administrator', async () => {
    const refused = await foyer.browser(domain.host).get('/auth/oauth2?id=oauth_strat-none', german);
    expect(refused.body).toContain('<html lang="de">');
    expect(textOf(refused.body)).toContain(sentenceOf('source_not_found', 'de'));
    expect(textOf(refused.body)).toContain('Nennen Sie Ihrer Administration dieses Kennzeichen:');
    expect(textOf(refused.body)).not.toContain('Go to the sign-in page');
    const incident = /failure\?id=([2-9a-z]{8})/.exec(refused.body)?.[1];
    const general = await foyer.browser(domain.host).get('/auth/failure', german);
    expect(textOf(general.body)).toContain('Sie konnten nicht angemeldet werden');
    const own = foyer.browser(domain.host);
    await seedLocalPerson(foyer, domain, 'boss@example.test', { sys_admin: true });
    expectSignedIn(await signIn(own, 'boss@example.test'));
    const seen = textOf((await own.get(`/auth/failure?id=${incident}`, german)).body);
    for (const text of ['Für die Administration:', 'Wer es behebt', 'Was zu sehen war', 'in der Konsole']) {
      expect(seen).toContain(text);
    }
    expect(seen).not.toMatch(/Who mends it|What was seen|For administrators/);
  });

  it('has a sentence for every code, which is not the English one', () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      expect(sentenceOf(code, 'de'), code).toMatch(/^[A-ZÄÖÜ].*\.$/);
      expect(sentenceOf(code, 'de'), code).not.toBe(errorTable[code].sentence);
      expect(sentenceOf(code, 'en')).toBe(errorTable[code].sentence);
    }
  });
});
