/**
 * @module HTTP to one running node: connections that stay open, a jar of cookies per visitor, redirects followed by
 * hand. An answer that did not arrive is told from an answer that was not expected: after the first, the caller does
 * not know what happened; the second is a bug.
 */
import { Pool } from 'undici';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** As sent; '' when there is none. */
  location: string;
  text: string;
  json<T = Record<string, unknown>>(): T;
}

export interface Ask {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
}

export interface NodeClient {
  /** How many requests were answered. */
  readonly answered: number;
  /** @throws {Unanswered} */
  ask(path: string, ask?: Ask): Promise<Answer>;
  close(): Promise<void>;
}

/** The connection ended before the whole answer was there: what was asked may have happened, or not. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}

/** An answer that no crash or restart excuses. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly answer: Answer;

  constructor(what: string, answer: Answer) {
    const said = /<h1>(.*?)<\/h1>/s.exec(answer.text)?.[1] ?? answer.text.slice(0, 300);
    const code = /<dt>Code<\/dt><dd><code>(\w+)<\/code>/.exec(answer.text)?.[1];
    super(`${what}: ${answer.status} ${code ?? ''} ${said}`);
    this.answer = answer;
  }
}

/** Every request names `host`, whatever the port that the node listens on. */
export const openNode = (port: number, host: string): NodeClient => {
  const pool = new Pool(`http://127.0.0.1:${port}`, {
    connections: 64,
    pipelining: 1,
    headersTimeout: 20_000,
    bodyTimeout: 20_000,
    connect: { timeout: 5_000 },
  });
  let answered = 0;
  return {
    get answered() {
      return answered;
    },
    async ask(path, { method, headers = {}, form, json } = {}) {
      const body = form
        ? new URLSearchParams(form).toString()
        : json === undefined
          ? null
          : JSON.stringify(json);
      const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
      try {
        const answer = await pool.request({
          method: method ?? (body === null ? 'GET' : 'POST'),
          path,
          headers: { host, ...(body !== null && { 'content-type': type }), ...headers },
          body,
        });
        const text = await answer.body.text();
        answered++;
        return answerOf(answer.statusCode, answer.headers, text);
      } catch (cause) {
        throw new Unanswered(`${path.split('?', 1)[0]}: ${(cause as Error).message}`, { cause });
      }
    },
    close: () => pool.destroy(),
  };
};

const answerOf = (status: number, headers: Answer['headers'], text: string): Answer => ({
  status,
  headers,
  location: typeof headers.location === 'string' ? headers.location : '',
  text,
  json: <T>() => JSON.parse(text) as T,
});

/** Somebody's browser: cookies of one host. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  async get(node: NodeClient, path: string, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await node.ask(path, { headers: { accept: 'text/html', ...this.#header(), ...headers } });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) this.#keep(line);
    return answer;
  }

  /** A copy of the jar, as after a lost answer: the browser never saw its cookies. */
  copy(): Visitor {
    const copy = new Visitor();
    for (const [name, value] of this.#cookies) copy.#cookies.set(name, value);
    return copy;
  }

  #header(): Record<string, string> {
    const pairs = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    return pairs.length > 0 ? { cookie: pairs.join('; ') } : {};
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const gone = attributes.some((each) => each.toLowerCase() === 'max-age=0');
    if (gone) this.#cookies.delete(pair.slice(0, at));
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
