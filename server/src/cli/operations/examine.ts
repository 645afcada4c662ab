import { sql } from 'kysely';
import { pendingMigrations } from '#base/db/migrate.ts';
import { FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { Services } from '../../services.ts';
import type { OperationOptions, OperationResult } from './operation.ts';

interface Finding {
  what: string;
  ok: boolean;
  words: string;
}

/** Looks at everything a sign-in depends on and says what to mend; changes nothing. */
export const examine = async (services: Services, _options: OperationOptions): Promise<OperationResult> => {
  const findings: Finding[] = [];
  const look = async (what: string, examineIt: () => Promise<string>): Promise<void> => {
    try {
      findings.push({ what, ok: true, words: await examineIt() });
    } catch (error) {
      findings.push({ what, ok: false, words: (error as Error).message });
    }
  };
  await look('store', async () => {
    await services.db.ping();
    return services.db.engine === 'postgres'
      ? 'PostgreSQL answers'
      : 'embedded store: safe when the process is killed, not when the power fails';
  });
  await look('schema', async () => {
    const pending = await pendingMigrations(services.db);
    if (pending.length > 0) throw new Error(`not up to date (${pending.join(', ')}): run foyer migrate`);
    return 'up to date';
  });
  await look('public URL', async () => {
    const { protocol, hostname, href } = services.config.publicUrl;
    if (protocol === 'http:' && hostname !== 'localhost' && !hostname.startsWith('127.')) {
      throw new Error(
        `${href} is plain http: sessions can be stolen; put TLS in front and set PUBLIC_URL to https`,
      );
    }
    return href;
  });
  await look('clock', async () => {
    const { rows } = await sql<{ at: Date }>`select now() as at`.execute(services.db.kysely);
    const skew = Math.round((services.clock.nowMs() - (rows[0]?.at.getTime() ?? 0)) / 1_000);
    if (Math.abs(skew) > 60)
      throw new Error(`differs from the database by ${skew} s: run a time service on both`);
    return `within ${Math.abs(skew)} s of the database`;
  });
  await look('signing keys', async () => `key ${(await services.signingKeys.current()).kid} signs`);
  await look('data keys', async () => {
    const domains = await services.db.kysely.selectFrom('data_keys').select('domain_id').distinct().execute();
    for (const { domain_id: domainId } of domains) {
      const place = { domainId, table: 'doctor', column: 'probe', rowId: '' };
      await services.keyring.open(place, await services.keyring.seal(place, 'probe'));
    }
    return `${domains.length} domains can be read`;
  });
  const sources = await services.db.kysely
    .selectFrom('sources')
    .innerJoin('domains', 'domains.id', 'sources.domain_id')
    .select(['sources.id', 'sources.name', 'sources.settings', 'sources.enabled', 'domains.host'])
    .where('kind', '=', 'oauth2')
    .execute();
  for (const source of sources.filter(({ enabled }) => enabled)) {
    await look(`source ${source.name} (${source.id}) of ${source.host}`, async () => {
      const settings = source.settings as Record<string, string | undefined>;
      const origins = new Set<string>();
      for (const field of ['authorize_url', 'token_url', 'raw_info_url']) {
        const value = settings[field];
        if (value) origins.add(new URL(value, settings.site).origin);
      }
      for (const origin of origins) await reach(services, origin);
      return origins.size === 0 ? 'not set up yet' : `${[...origins].join(', ')} can be reached`;
    });
  }
  const failed = findings.some(({ ok }) => !ok);
  return {
    words: findings.map(({ what, ok, words }) => `${ok ? 'ok  ' : 'MEND'}  ${what}: ${words}`).join('\n'),
    data: { ok: !failed, findings },
    failed,
  };
};

/** Any HTTP answer will do: the question is the way there and the certificate. */
const reach = async (services: Services, origin: string): Promise<void> => {
  try {
    await services.egress.request({ url: `${origin}/`, method: 'GET', accept: 'any' });
  } catch (error) {
    if (isFoyerError(error, 'upstream_invalid')) return;
    const reason =
      error instanceof FoyerError ? `${error.code} (${error.detail ?? 'no detail'})` : String(error);
    throw new Error(`${origin}: ${reason}`);
  }
};
