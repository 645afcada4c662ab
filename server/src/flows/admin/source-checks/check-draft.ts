/** Every check of one draft, as its kind has them. */
import type { SourceCheck } from '@foyer/contract/dry-runs.ts';
import type { PublicOrigin } from '#base/http/public-origin.ts';
import type { Clock } from '#base/lib/clock.ts';
import type { Egress } from '#base/lib/egress/egress.ts';
import type { Domain } from '#model/domains/domain.ts';
import { secretFields } from '#model/sources/source.ts';
import { checkNetwork } from '#upstream/identity/oauth2/check-network.ts';
import { checkSettings } from '#upstream/identity/oauth2/check-settings.ts';
import type { Draft } from '../dry-runs/read-draft.ts';
import { secretChange } from '../sources/merge-settings.ts';
import { rulesOf } from '../sources/source-rules.ts';

export interface CheckDraft {
  draft: Draft;
  domain: Domain;
  network: boolean;
}

interface Deps {
  egress: Egress;
  clock: Clock;
  origin: PublicOrigin;
}

export const checkDraft = async (
  deps: Deps,
  { draft, domain, network }: CheckDraft,
): Promise<SourceCheck[]> => {
  const { kind, settings, fields, stored } = draft;
  if (kind !== 'oauth2') {
    return rulesOf[kind].validate(settings).map(({ field, reason }) => ({
      field,
      level: 'error' as const,
      code: 'not_accepted',
      message: reason,
      values: { reason },
    }));
  }
  const changes = secretFields[kind].map((field) => [field, secretChange(fields[field])] as const);
  const typed = Object.fromEntries(
    changes.flatMap(([field, change]) => (typeof change === 'object' ? [[field, change.set]] : [])),
  );
  const keptSecrets = changes
    .filter(([field, change]) => change === 'keep' && stored?.secretsSet.includes(field))
    .map(([field]) => field);
  const expiry = fields.client_secret_expires_at;
  // A new secret has an end of its own, which the note on the old one does not know.
  const storedExpiry =
    typed.client_secret === undefined ? stored?.secretNotes.client_secret?.expires_at : undefined;
  const findings = checkSettings(
    {
      settings: { ...settings, ...typed },
      typed: fields,
      keptSecrets,
      callbackOrigin: deps.origin.of(domain.host),
      typedSecret: typed.client_secret ?? '',
      hasSecret: typed.client_secret !== undefined || keptSecrets.includes('client_secret'),
      secretExpiresAt: typeof expiry === 'number' ? expiry : storedExpiry,
      now: deps.clock.now(),
    },
    deps.egress,
  );
  return network ? [...findings, ...(await checkNetwork(settings, deps))] : findings;
};
