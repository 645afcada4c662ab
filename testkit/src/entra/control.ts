import type { AppSeed, PersonSeed, TenantSeed } from './directory.ts';
import { type Exchange, json, type Reply } from './exchange.ts';
import { type FaultName, type FaultOptions, faults } from './faults.ts';
import type { EndpointLabel } from './request-log.ts';
import type { Entra } from './start-entra.ts';

type Commands = Record<string, (body: Record<string, unknown>) => unknown>;

/**
 * `POST /_control/{command}` with a JSON body: the same switches for another process.
 * Only JSON is taken, so that no web page's form can pull them.
 */
export async function answerControl(entra: Entra, exchange: Exchange): Promise<Reply> {
  const command = exchange.url.pathname.replace('/_control/', '');
  if (exchange.method !== 'POST') return json(405, { error: 'POST a JSON body' }, { allow: 'POST' });
  if (!/^application\/json\b/.test(exchange.headers['content-type'] ?? '')) {
    return json(415, { error: 'the content type must be application/json' });
  }
  const commands = commandsOf(entra);
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!run) return json(404, { error: `no such command; there are ${Object.keys(commands).join(', ')}` });
  try {
    const body: unknown = JSON.parse(exchange.rawBody || '{}');
    if (typeof body !== 'object' || body === null) throw new Error('the body must be a JSON object');
    return json(200, (await run(body as Record<string, unknown>)) ?? {});
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function commandsOf(entra: Entra): Commands {
  return {
    seed: ({ tenants, apps, people }) => ({
      tenants: ((tenants ?? []) as TenantSeed[]).map((seed) => entra.addTenant(seed)),
      apps: ((apps ?? []) as AppSeed[]).map((seed) => entra.addApp(seed)),
      people: ((people ?? []) as PersonSeed[]).map((seed) => entra.addPerson(seed)),
    }),
    app: (body) => entra.addApp(body as unknown as AppSeed),
    person: (body) => entra.addPerson(body as unknown as PersonSeed),
    fault: ({ name, ...options }) => entra.fault(String(name) as FaultName, options as FaultOptions),
    'clear-faults': () => entra.clearFaults(),
    'list-faults': () => ({ faults }),
    'rotate-keys': () => entra.rotateKeys(),
    'skew-clock': ({ seconds }) => entra.skewClock(Number(seconds)),
    'revoke-sessions': ({ email }) => entra.revokeSessions(String(email)),
    requests: ({ endpoint }) => ({
      counts: entra.requests.counts,
      requests: entra.requests.all(endpoint as EndpointLabel | undefined),
    }),
    'clear-requests': () => entra.requests.clear(),
    reset: () => entra.reset(),
  };
}
