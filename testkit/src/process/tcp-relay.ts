/**
 * @module A TCP relay in front of a server, that can fall silent: what was connected stays connected, and nothing
 * passes any more, as when the server's host has vanished. Later connections pass.
 */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpRelay {
  port: number;
  /** Every present connection falls silent, for good. */
  silence(): void;
  close(): Promise<void>;
}

/** `path`: a Unix socket, as local PostgreSQL servers have. */
export type RelayTarget = { host: string; port: number } | { path: string };

export const startTcpRelay = async (target: RelayTarget): Promise<TcpRelay> => {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(target);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far).pipe(near);
    for (const socket of pair) {
      socket.on('error', () => {});
      socket.once('close', () => {
        pairs.delete(pair);
        for (const each of pair) each.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    async close() {
      for (const socket of [...pairs].flat()) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
};
