import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';

export interface PickOptions {
  /** The emulator's address, when the authorize URL names login.microsoftonline.com. */
  via?: string;
  /** Cookies of the "browser", kept from one call to the next. */
  cookies?: Map<string, string>;
  /** Presses this button on a consent page; default accept. */
  consent?: 'accept' | 'cancel';
}

/** Where the browser ends up: a URL to get, or with `response_mode=form_post` a form to post there. */
export interface SignedIn {
  url: string;
  form?: Record<string, string>;
}

/**
 * Signs a person in by HTTP, as a browser without JavaScript would: opens the page, presses the person's button
 * (or types the e-mail), accepts a consent page. `null` presses Cancel.
 *
 * @returns the URL that Microsoft redirects to
 * @throws {Error} with the text of the page if Microsoft shows an error instead
 */
export async function pickAccount(
  authorizeUrl: string,
  email: string | null,
  options: PickOptions = {},
): Promise<string> {
  const { url, form } = await signInAtMicrosoft(authorizeUrl, email, options);
  if (form) throw new Error('the answer is a form_post: use signInAtMicrosoft');
  return url;
}

/** `pickAccount` for every response mode. */
export async function signInAtMicrosoft(
  authorizeUrl: string,
  email: string | null,
  options: PickOptions = {},
): Promise<SignedIn> {
  const cookies = options.cookies ?? new Map<string, string>();
  const visit = async (url: URL, form?: URLSearchParams): Promise<Page> => {
    const page = await request(url, options.via, cookies, form);
    for (const line of page.headers['set-cookie'] ?? []) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split('=', 2);
      cookies.set(name, value);
    }
    return page;
  };

  let at = new URL(authorizeUrl);
  let page = await visit(at);
  for (let step = 0; step < 4; step += 1) {
    if (page.headers.location !== undefined) return { url: page.headers.location };
    const title = /<title>(.*?)<\/title>/.exec(page.body)?.[1];
    if (title === 'Working...') return readFormPost(page.body);
    if (title !== 'Pick an account' && title !== 'Permissions requested') {
      const alert = /role="alert">(.*?)<\/p>/s.exec(page.body)?.[1];
      throw new Error(unescapeHtml(alert ?? `${page.status}: ${page.body.slice(0, 500)}`));
    }
    const form = new URLSearchParams(hiddenFields(page.body));
    if (title === 'Permissions requested') {
      form.set(options.consent ?? 'accept', '1');
    } else if (email === null) {
      form.set('cancel', '1');
    } else {
      const button = findButton(page.body, email);
      form.set(button === undefined ? 'loginfmt' : 'account', button ?? email);
    }
    at = new URL(/<form method="post" action="([^"]*)"/.exec(page.body)?.[1] ?? '', at);
    page = await visit(at, form);
  }
  throw new Error('too many pages');
}

interface Page {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** node:http rather than fetch, because only it can send a Host header of our choice. */
function request(
  url: URL,
  via: string | undefined,
  cookies: Map<string, string>,
  form?: URLSearchParams,
): Promise<Page> {
  const server = new URL(via ?? url);
  const secure = server.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const sent = (secure ? https : http).request(
      {
        host: server.hostname,
        port: server.port,
        path: url.pathname + url.search,
        method: form ? 'POST' : 'GET',
        agent: false,
        // the emulator's certificate is made up on the spot
        ...(secure ? { rejectUnauthorized: false, servername: isIP(url.hostname) ? '' : url.hostname } : {}),
        headers: {
          host: url.host,
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(form?.toString());
  });
}

function findButton(page: string, email: string): string | undefined {
  for (const [, value, content = ''] of page.matchAll(
    /<button[^>]*name="account" value="([^"]*)">(.*?)<\/button>/gs,
  )) {
    const shown = /<small>(.*?)<\/small>/.exec(content)?.[1] ?? '';
    if (unescapeHtml(shown).toLowerCase() === email.toLowerCase()) return value;
  }
  return undefined;
}

function hiddenFields(page: string): Record<string, string> {
  const form = page.slice(0, page.indexOf('</form>'));
  const fields = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, unescapeHtml(value)]));
}

function readFormPost(page: string): SignedIn {
  const url = unescapeHtml(/action="([^"]*)"/.exec(page)?.[1] ?? '');
  return { url, form: hiddenFields(page) };
}

function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
