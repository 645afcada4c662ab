/**
 * @module An HTTP client of one running server that keeps every answer, headers and all, for a look at the end.
 */
import http from 'node:http';

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  location: string;
  json<T = Record<string, unknown>>(): T;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
  /** As it is; with `content-type` among the headers. */
  raw?: string | Buffer;
  /** Cookies are sent from here and kept here. */
  jar?: Map<string, string>;
  /** This answer hands out a secret, once and by design. */
  hands?: 'a secret in the body' | 'a code in the location' | 'the session cookie' | 'everything';
}

export interface RecordedAnswer {
  what: string;
  answer: Answer;
  hands: Ask['hands'];
}

export interface RecordingClient {
  ask(path: string, ask?: Ask): Promise<Answer>;
  readonly answers: readonly RecordedAnswer[];
  close(): void;
}

export const createRecordingClient = (port: number, host: string): RecordingClient => {
  const answers: RecordedAnswer[] = [];
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  return {
    answers,
    async ask(path, ask = {}) {
      const answer = await send(agent, port, host, path, ask);
      if (ask.jar) keepCookies(ask.jar, answer.headers['set-cookie'] ?? []);
      answers.push({ what: `${ask.method ?? ''} ${path.split('?', 1)[0]}`, answer, hands: ask.hands });
      return answer;
    },
    close: () => agent.destroy(),
  };
};

const bodyOf = ({ form, json, raw }: Ask): { type?: string; body?: string | Buffer } => {
  if (form) {
    return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() };
  }
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(json) };
  return raw === undefined ? {} : { body: raw };
};

const send = (agent: http.Agent, port: number, host: string, path: string, ask: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { type, body } = bodyOf(ask);
    const method = ask.method ?? (body === undefined ? 'GET' : 'POST');
    const cookie = [...(ask.jar ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      host,
      accept: 'text/html',
      ...(type && { 'content-type': type }),
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      ...(cookie && { cookie }),
      ...(method !== 'GET' && { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }),
      ...ask.headers,
    };
    const request = http.request({ agent, port, host: '127.0.0.1', path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({
          status: response.statusCode as number,
          headers: response.headers,
          text,
          location: response.headers.location ?? '',
          json: <T>() => JSON.parse(text) as T,
        });
      });
    });
    request.on('error', reject);
    request.setTimeout(30_000, () => request.destroy(new Error(`no answer to ${method} ${path}`)));
    request.end(body);
  });

const keepCookies = (jar: Map<string, string>, lines: string[]): void => {
  for (const line of lines) {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const isGone = attributes.some((each) => each.toLowerCase() === 'max-age=0');
    if (isGone) jar.delete(pair.slice(0, at));
    else jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
};
