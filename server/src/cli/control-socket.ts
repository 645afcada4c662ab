/**
 * @module How the command line reaches a server that holds an embedded store: a Unix socket in the data folder, with
 * the folder's own permissions (owner only). One request, one answer, both a line of JSON. It is no network: nothing
 * but this machine's owner of the folder can open it.
 */
import { existsSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Config } from '#base/config/config.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { Services } from '../services.ts';
import type { OperationResult } from './operations/operation.ts';
import { type OperationName, operations } from './operations.ts';

type Options = Record<string, string | boolean | undefined>;
type Answer = { result: OperationResult } | { error: string };

const pathOf = (config: Config): string => join(config.dataFolder, 'foyer.sock');

/** Serves operations while the server runs on the embedded store; `undefined` on PostgreSQL, which needs no such way. */
export const serveOperations = async (services: Services): Promise<Server | undefined> => {
  if (services.db.engine !== 'pglite') return undefined;
  const path = pathOf(services.config);
  // The folder's lock is ours, so a socket that is there belongs to a dead process.
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const answer = async (): Promise<Answer> => {
      try {
        const { name, options } = JSON.parse(await text(socket)) as { name: OperationName; options: Options };
        return { result: await operations[name](services, options) };
      } catch (error) {
        services.log.warn({ err: error }, 'operation failed');
        const failures = isFoyerError(error)
          ? error.failures?.map(({ field, reason }) => `${field} ${reason}`)
          : [];
        return { error: failures?.join('; ') || (error as Error).message };
      }
    };
    answer().then(
      (value) => socket.end(JSON.stringify(value)),
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ path, readableAll: false, writableAll: false }, resolve);
  });
  return server;
};

/** Asks the running server; `undefined` when none runs. */
export const askRunningServer = async (
  config: Config,
  name: OperationName,
  options: Options,
): Promise<OperationResult | undefined> => {
  const path = pathOf(config);
  if (!existsSync(path)) return undefined;
  const socket = createConnection({ path, allowHalfOpen: true });
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  if (!connected) return undefined;
  socket.end(JSON.stringify({ name, options }));
  const answer = JSON.parse(await text(socket)) as Answer;
  if ('error' in answer) throw new FoyerError('bad_request', { detail: answer.error });
  return answer.result;
};
