/**
 * @module What a person may see of their own account beyond the user row: how they sign in, what their providers
 * granted (never a token), and which apps act for them.
 */
import { sql } from 'kysely';
import { statement } from '#base/db/database.ts';
import type { DomainId, SourceId, UserId } from '#base/lib/ids.ts';
import type { Tx } from '#model/tables.ts';

/** An identity of the user, its source, and the state of the provider's token. */
export interface LinkedIdentity {
  sourceId: SourceId;
  sourceName: string;
  sourceEnabled: boolean;
  /** The source's `info_mappings`: field of the user → fields of the provider. */
  mappings: Record<string, unknown>;
  issuer: string;
  subject: string;
  email: string | undefined;
  createdAt: Date;
  lastSignInAt: Date | undefined;
  /** Absent: the provider gave no token to keep. */
  grant:
    | { scopes: string[]; expiresAt: Date | undefined; needsConsent: boolean; renews: boolean }
    | undefined;
}

interface IdentityRow {
  source_id: string;
  source_name: string;
  enabled: boolean;
  mappings: Record<string, unknown> | null;
  issuer: string;
  subject: string;
  email: string | null;
  created_at: Date;
  last_sign_in_at: Date | null;
  scope: string | null;
  expires_at: Date | null;
  state: string | null;
  renews: boolean | null;
}

const listIdentities = statement(
  'account_identities',
  `select i.source_id, s.name as source_name, s.enabled, s.settings -> 'info_mappings' as mappings, i.issuer,
          i.subject, i.email, i.created_at, i.last_sign_in_at,
          g.scope, g.expires_at, g.state, g.refresh_token_sealed is not null as renews
     from identities i
     join sources s on s.domain_id = i.domain_id and s.id = i.source_id
     left join upstream_grants g on g.domain_id = i.domain_id and g.source_id = i.source_id
                                and g.issuer = i.issuer and g.subject = i.subject
    where i.domain_id = $1 and i.user_id = $2
    order by i.last_sign_in_at desc nulls last, i.created_at`,
);

export const listLinkedIdentities = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
): Promise<LinkedIdentity[]> => {
  const rows = await tx.run<IdentityRow>(listIdentities, [domainId, userId]);
  return rows.map((row) => ({
    sourceId: row.source_id as SourceId,
    sourceName: row.source_name,
    sourceEnabled: row.enabled,
    mappings: row.mappings ?? {},
    issuer: row.issuer,
    subject: row.subject,
    email: row.email ?? undefined,
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at ?? undefined,
    grant:
      row.scope === null
        ? undefined
        : {
            scopes: row.scope.split(/\s+/).filter((scope) => scope !== ''),
            expiresAt: row.expires_at ?? undefined,
            needsConsent: row.state === 'needs_consent',
            renews: row.renews === true,
          },
  }));
};

export interface ConnectedApp {
  applicationId: number;
  name: string;
  scopes: string[];
  since: Date;
}

interface ConnectedAppRow {
  id: number;
  name: string;
  consent_scopes: string[] | null;
  family_scopes: string[] | null;
  since: Date;
}

const listApps = statement(
  'account_connected_apps',
  `select a.id, a.name, c.scopes as consent_scopes, f.scopes as family_scopes, coalesce(c.created_at, f.since) as since
     from applications a
     left join consents c on c.domain_id = a.domain_id and c.application_id = a.id and c.user_id = $2
     left join (select application_id, min(created_at) as since, array_agg(distinct scope) as scopes
                  from token_families
                 where domain_id = $1 and user_id = $2 and revoked_at is null and expires_at > now()
                 group by application_id) f on f.application_id = a.id
    where a.domain_id = $1 and (c.application_id is not null or f.application_id is not null)
    order by lower(a.name)`,
);

/** Apps that the person agreed to, and trusted ones that hold a living token of theirs. */
export const listConnectedApps = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
): Promise<ConnectedApp[]> => {
  const rows = await tx.run<ConnectedAppRow>(listApps, [domainId, userId]);
  return rows.map((row) => ({
    applicationId: row.id,
    name: row.name,
    scopes: [
      ...new Set([
        ...(row.consent_scopes ?? []),
        ...(row.family_scopes ?? []).flatMap((each) => each.split(' ')),
      ]),
    ].filter((scope) => scope !== ''),
    since: row.since,
  }));
};

/** Forgets the consent and ends every token of this person and app; false when there was neither. */
export const disconnectApp = async (
  tx: Tx,
  domainId: DomainId,
  userId: UserId,
  applicationId: number,
): Promise<boolean> => {
  const consents = await tx.kysely
    .deleteFrom('consents')
    .where('domain_id', '=', domainId)
    .where('user_id', '=', userId)
    .where('application_id', '=', applicationId)
    .executeTakeFirst();
  const families = await tx.kysely
    .updateTable('token_families')
    .set({ revoked_at: sql`now()` })
    .where('domain_id', '=', domainId)
    .where('user_id', '=', userId)
    .where('application_id', '=', applicationId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return consents.numDeletedRows > 0n || families.numUpdatedRows > 0n;
};
