/**
 * Opens the connections of one origin. Every new connection resolves the name again, judges every address it got,
 * and connects to exactly those addresses: a name that changes its mind in between gains nothing (S-101, S-109).
 */
import {
  connect as connectTcp,
  isIP,
  type LookupFunction,
  type Socket,
  type TcpNetConnectOpts,
} from 'node:net';
import { checkServerIdentity, connect as connectTls, type SecureContext } from 'node:tls';
import ipaddr from 'ipaddr.js';
import type { buildConnector } from 'undici';
import { FoyerError } from '#base/lib/errors.ts';
import { type Destination, type EgressPolicy, isAddressAllowed } from './egress-rules.ts';
import type { ResolveHost } from './resolve-host.ts';

export interface ConnectDeps {
  policy: EgressPolicy;
  resolve: ResolveHost;
  /** Tests only: `host:port` → where it really is. The certificate must still be that of the host. */
  hostMap: Readonly<Record<string, { address: string; port: number }>>;
  connectTimeoutMs: number;
  secureContext: () => SecureContext;
}

interface Place {
  addresses: readonly string[];
  port: number;
}

// A name with more addresses than this is not tried to its end anyway.
const maxAddresses = 8;

const denied = (why: string): FoyerError =>
  new FoyerError('egress_denied', {
    detail: 'address not allowed',
    // Which address it was is for the log only: administrators of domains must not map the operator's network.
    cause: new Error(why),
    evidence: { reason: 'address' },
  });

const locate = async ({ policy, resolve, hostMap }: ConnectDeps, to: Destination): Promise<Place> => {
  const mapped = hostMap[`${to.host}:${to.port}`];
  if (mapped !== undefined) return { addresses: [mapped.address], port: mapped.port };
  const addresses = isIP(to.host) === 0 ? await resolve(to.host) : [to.host];
  if (addresses.length === 0) throw Object.assign(new Error('no addresses'), { code: 'ENOTFOUND' });
  // One bad address spoils the name: choosing among them would leave the choice to whoever answers the look-up.
  for (const address of addresses) {
    if (isIP(address) === 0 || !isAddressAllowed(policy, to, ipaddr.parse(address))) throw denied(address);
  }
  return { addresses: addresses.slice(0, maxAddresses), port: to.port };
};

const pinnedTo = (addresses: readonly string[]): LookupFunction => {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, callback) => {
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
};

const tcpOptions = (to: Destination, { addresses, port }: Place): TcpNetConnectOpts => ({
  port,
  ...(addresses.length === 1
    ? { host: addresses[0] ?? '' }
    : {
        host: to.host,
        lookup: pinnedTo(addresses),
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: 1500,
      }),
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
});

/**
 * A connector for one origin. TLS is always verified (S-110), and its session kept for the next connection.
 * Its errors: `egress_denied`, or whatever Node says, or code ETIMEDOUT after `connectTimeoutMs` for look-up,
 * TCP and TLS together.
 */
export const createConnector = (deps: ConnectDeps, to: Destination): buildConnector.connector => {
  let session: Buffer | undefined;

  const openTls = (place: Place, onSecure: (socket: Socket) => void): Socket => {
    let verified = false;
    let offered: Buffer | undefined;
    const socket = connectTls({
      ...tcpOptions(to, place),
      secureContext: deps.secureContext(),
      rejectUnauthorized: true,
      checkServerIdentity: (_host, certificate) => checkServerIdentity(to.host, certificate),
      ALPNProtocols: ['http/1.1'],
      ...(isIP(to.host) === 0 ? { servername: to.host } : {}),
      ...(session === undefined ? {} : { session }),
    });
    // Node does not look at the certificate's name again on a resumed session: keep only those of verified peers.
    socket.on('session', (fresh) => {
      offered = fresh;
      if (verified) session = fresh;
    });
    socket.once('secureConnect', () => {
      verified = true;
      session = offered ?? session;
      onSecure(socket);
    });
    return socket;
  };

  const openTcp = (place: Place, onConnect: (socket: Socket) => void): Socket => {
    const socket = connectTcp(tcpOptions(to, place));
    socket.once('connect', () => onConnect(socket));
    return socket;
  };

  return (_options, callback) => {
    let socket: Socket | undefined;
    let done = false;
    const finish = (error: Error | null, opened?: Socket): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      if (opened !== undefined) {
        callback(null, opened);
      } else {
        socket?.destroy();
        callback(error ?? new Error('not connected'), null);
      }
    };
    const timer = setTimeout(
      () => finish(Object.assign(new Error('connect timeout'), { code: 'ETIMEDOUT' })),
      deps.connectTimeoutMs,
    );
    const open = (place: Place): void => {
      if (done) return;
      socket = (to.secure ? openTls : openTcp)(place, (opened) => finish(null, opened));
      socket.on('error', finish);
    };
    locate(deps, to).then(open).catch(finish);
  };
};
