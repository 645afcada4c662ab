/** Real servers on loopback for the tests of the way out. */
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';
import { onTestFinished } from 'vitest';
import { createEgress, type Egress, type EgressOptions } from '#base/lib/egress/egress.ts';
import { type EgressRule, parseEgressRules } from '#base/lib/egress/egress-rules.ts';
import { type FoyerError, isFoyerError } from '#base/lib/errors.ts';

export interface Listening {
  port: number;
  /** `127.0.0.1:port`, as a rule of the operator. */
  rule: string;
  url: string;
  /** Connections that it got. */
  connections: () => number;
  /** The most that were open at once. */
  peak: () => number;
}

const listen = async (server: Server | TcpServer, scheme: string): Promise<Listening> => {
  let connections = 0;
  let peak = 0;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections++;
    open.add(socket);
    peak = Math.max(peak, open.size);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    rule: `127.0.0.1:${port}`,
    url: `${scheme}://127.0.0.1:${port}`,
    connections: () => connections,
    peak: () => peak,
  };
};

export const serveHttp = (answer: RequestListener): Promise<Listening> =>
  listen(createHttpServer(answer), 'http');

export const serveHttps = (tls: { key: string; cert: string }, answer: RequestListener): Promise<Listening> =>
  listen(createHttpsServer(tls, answer), 'https');

export const serveTcp = (onSocket: (socket: Socket) => void): Promise<Listening> =>
  listen(createTcpServer(onSocket), 'http');

export const json: RequestListener = (request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json').end('{"ok":true}');
};

/** A clock that stands still until it is set. */
export const handSetClock = (): { nowMs: () => number; now: () => Date; advanceMs: (ms: number) => void } => {
  let nowMs = 1_800_000_000_000;
  return {
    nowMs: () => nowMs,
    now: () => new Date(nowMs),
    advanceMs: (ms) => {
      nowMs += ms;
    },
  };
};

/** An egress that is closed when the test ends. `allow` is written as the operator would. */
export const openEgress = (
  options: Omit<Partial<EgressOptions>, 'allow'> & { allow?: string } = {},
): Egress => {
  const allow: EgressRule[] = parseEgressRules(options.allow ?? '');
  const egress = createEgress({ clock: handSetClock(), ...options, allow });
  onTestFinished(() => egress.close());
  return egress;
};

/** The refusal that `attempt` ends in; fails the test when it succeeds or is no FoyerError. */
export const refusalOf = async (attempt: () => unknown): Promise<FoyerError> => {
  try {
    await attempt();
  } catch (error) {
    if (isFoyerError(error)) return error;
    throw error;
  }
  throw new Error('was not refused');
};
