/** Signs a person in at a vendor of `start-vendors.ts`, by HTTP, as a browser without JavaScript would. */
import type { IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { testCa } from '../tls/tls.ts';

interface Page {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

const unescapeHtml = (escaped: string): string =>
  escaped
    .replaceAll('&quot;', '"')
    .replace(/&#x27;|&#39;/g, "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

const ask = (url: URL, port: number, cookies: ReadonlyMap<string, string>, form?: URLSearchParams) =>
  new Promise<Page>((resolve, reject) => {
    const request = https.request({
      host: '127.0.0.1',
      port,
      servername: url.hostname,
      ca: testCa,
      path: url.pathname + url.search,
      method: form ? 'POST' : 'GET',
      headers: {
        host: url.host,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      text(response).then((body) => resolve({ status, headers, body }), reject);
    });
    request.end(form?.toString());
  });

/** The form to send: the person's own button, else the one that asks who signs in or whether they agree. */
const formIn = (body: string, person: string): { action: string; fields: URLSearchParams } | undefined => {
  const forms = [...body.matchAll(/<form[\s\S]*?<\/form>/g)].map(([form]) => form);
  const form =
    forms.find((each) => each.includes(person)) ?? forms.find((each) => /name="prompt"/.test(each));
  if (form === undefined) return undefined;
  const fields = new URLSearchParams();
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined) fields.set(name, unescapeHtml(/value="([^"]*)"/.exec(input)?.[1] ?? ''));
  }
  if (fields.has('login') && fields.get('login') === '') fields.set('login', person);
  if (fields.has('password')) fields.set('password', 'x');
  return { action: unescapeHtml(/action="([^"]*)"/.exec(form)?.[1] ?? ''), fields };
};

/**
 * @param person as the vendor's page names them
 * @returns the URL that the vendor sends the browser to, on a host that is no vendor's
 * @throws {Error} with the text of the page, when the vendor refuses on a page of its own
 */
export const signInAtVendor = async (
  authorizeUrl: string,
  person: string,
  { port, hostMap }: { port: number; hostMap: Readonly<Record<string, unknown>> },
): Promise<string> => {
  const cookies = new Map<string, string>();
  let url = new URL(authorizeUrl);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 12; step++) {
    const page = await ask(url, port, cookies, form);
    for (const line of page.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';', 1);
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    form = undefined;
    const { location } = page.headers;
    if (location !== undefined) {
      url = new URL(location, url);
      if (hostMap[`${url.hostname}:443`] === undefined) return url.href;
      continue;
    }
    const next = formIn(page.body, person);
    if (next === undefined) throw new Error(`${page.status} ${page.body.slice(0, 600)}`);
    url = new URL(next.action, url);
    form = next.fields;
  }
  throw new Error('too many pages');
};
