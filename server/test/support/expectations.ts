/** @module Words for what an answer must be, as `security.md` defines them in its shared definitions. */
import { expect } from 'vitest';
import { sessionCookieName } from '#base/http/session-cookie.ts';
import { type ErrorCode, errorTable } from '#base/lib/errors.ts';
import type { Answer, Browser } from './browser.ts';

const setCookies = (answer: Answer): string[] => [answer.headers['set-cookie'] ?? []].flat();

const signsIn = (answer: Answer): boolean =>
  setCookies(answer).some((line) =>
    [true, false].some((secure) => new RegExp(`^${sessionCookieName(secure)}=[^;]`).test(line)),
  );

/** A page (or JSON) with this code and its status; nothing in it signs anybody in. */
export const expectRefusedBrowser = (answer: Answer, code: ErrorCode): void => {
  expect({ status: answer.status, hasCode: answer.body.includes(code), body: answer.body }).toMatchObject({
    status: errorTable[code].status,
    hasCode: true,
  });
  expect(signsIn(answer)).toBe(false);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.headers['x-request-id']).toBeTruthy();
};

/** RFC 6749 §5.2: JSON `{error}`, never cached. */
export const expectRefusedToken = (
  answer: Pick<Answer, 'status' | 'headers' | 'body'>,
  error: string,
): void => {
  expect({ status: answer.status, error: (JSON.parse(answer.body) as { error?: string }).error }).toEqual({
    status: error === 'invalid_client' || error === 'invalid_token' ? 401 : expect.any(Number),
    error,
  });
  expect([400, 401, 403, 429]).toContain(answer.status);
  expect(answer.headers['cache-control']).toBe('no-store');
};

/** A redirect that carries a new session cookie; answers the cookie's value. */
export const expectSignedIn = (answer: Answer): string => {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 302 });
  const line = setCookies(answer).find((each) => /^(__Host-)?foyer_session=[^;]/.test(each));
  expect(line, 'a session cookie').toBeDefined();
  return (line as string).split(';')[0]?.split('=')[1] as string;
};

/** What `/auth/authority` says of this browser. */
export const isSignedIn = async (browser: Browser): Promise<boolean> =>
  (await browser.get('/auth/authority', { headers: { accept: 'application/json' } })).json<{
    session: boolean;
  }>().session;
