/**
 * @module Other people's sign-in servers under their real names: one TLS server, which hands each request to the vendor
 * that its host belongs to.
 *
 *     const vendors = await startVendors({ 'accounts.google.com': vendor.handle });
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { testServerTls } from '../tls/tls.ts';

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

export interface Vendors {
  port: number;
  /** Where the egress finds each of these hosts. */
  hostMap: Record<string, { address: string; port: number }>;
  /** From now on this host is played by this vendor. */
  set(host: string, handle: Handle): void;
  close(): Promise<void>;
}

/** The test certificate must be good for every one of the hosts. */
export const startVendors = async (hosts: readonly string[]): Promise<Vendors> => {
  const handles = new Map<string, Handle>();
  const server = https.createServer(testServerTls, (request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const handle = handles.get(host);
    if (handle) handle(request, response);
    else response.writeHead(421).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    hostMap: Object.fromEntries(hosts.map((host) => [`${host}:443`, { address: '127.0.0.1', port }])),
    set: (host, handle) => handles.set(host, handle),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
