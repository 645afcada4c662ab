/**
 * @module States that no crash may leave behind, each as a query that finds them. They are exact because the
 * load never signs in twice with one browser and nothing else works on the store.
 */

/** What it would mean, and the query whose rows are the proof of it. */
export const halfStates: Readonly<Record<string, string>> = {
  'a person of a source without an identity': `
    select u.id from users u
     where exists (select 1 from audit a where a.action = 'sign_in' and a.target = u.id)
       and not exists (select 1 from identities i where i.domain_id = u.domain_id and i.user_id = u.id)`,
  'an identity without its person': `
    select i.subject from identities i
     where not exists (select 1 from users u where u.domain_id = i.domain_id and u.id = i.user_id)`,
  "an identity without the provider's tokens": `
    select i.subject from identities i where not exists (
      select 1 from upstream_grants g where (g.domain_id, g.source_id, g.issuer, g.subject)
             = (i.domain_id, i.source_id, i.issuer, i.subject) and g.access_token_sealed is not null)`,
  'a person whom nothing explains': `
    select u.id, u.email from users u where not exists (
      select 1 from audit a where a.target = u.id and a.action in ('sign_in', 'user.create', 'admin.create'))`,
  'two people of one e-mail address': `
    select domain_id, email_canonical from users group by 1, 2 having count(*) > 1`,
  'a person counted other than signed in': `
    select u.id, u.login_count from users u where u.login_count <>
      (select count(*) from audit a where a.action = 'sign_in' and a.outcome = 'ok' and a.target = u.id)`,
  'a session without its audit row': `
    select s.public_id from sessions s where not exists (
      select 1 from audit a where a.action = 'sign_in' and a.outcome = 'ok' and a.target = s.user_id
         and a.detail ->> 'session' = s.public_id)`,
  'a sign-in that left no session': `
    select a.id from audit a where a.action = 'sign_in' and a.outcome = 'ok'
       and not exists (select 1 from sessions s where s.public_id = a.detail ->> 'session')
       and not exists (select 1 from audit o where o.action = 'sign_out'
                          and o.detail ->> 'session' = a.detail ->> 'session')`,
  'a session that outlived its sign-out': `
    select a.id from audit a join sessions s on s.public_id = a.detail ->> 'session' where a.action = 'sign_out'`,
  'tokens that outlived the sign-out of their session': `
    select f.id from token_families f join audit a on a.action = 'sign_out'
       and a.detail ->> 'session' = f.session_public_id where f.revoked_at is null`,
  'a used code without a refresh token': `
    select c.family_id from authorization_codes c where c.used_at is not null and not exists (
      select 1 from refresh_tokens r where r.domain_id = c.domain_id and r.family_id = c.family_id)`,
  'a refresh token whose code is unused': `
    select c.family_id from authorization_codes c where c.used_at is null and exists (
      select 1 from refresh_tokens r where r.domain_id = c.domain_id and r.family_id = c.family_id)`,
  'a family without its code': `
    select f.id from token_families f where not exists (
      select 1 from authorization_codes c where c.domain_id = f.domain_id and c.family_id = f.id)`,
  'a used code without its audit row': `
    select c.family_id from authorization_codes c where c.used_at is not null and 1 <> (
      select count(*) from audit a where a.action = 'token.issue' and a.target = c.family_id)`,
  'a used refresh token without a successor': `
    select r.family_id from refresh_tokens r where r.used_at is not null and r.successor_sealed is null`,
  'a chain of refresh tokens with no end, or two': `
    select family_id from refresh_tokens group by domain_id, family_id
    having count(*) filter (where used_at is null) <> 1`,
  'a refresh without its audit row': `
    select r.family_id from refresh_tokens r where r.used_at is not null group by r.family_id
    having count(*) <> (select count(*) from audit a where a.action = 'token.refresh' and a.target = r.family_id
                           and a.detail = '{}')`,
  'a revoked family without its audit row': `
    select f.id from token_families f where f.revoked_at is not null
       and not exists (select 1 from audit a where a.target = f.id
                          and a.action in ('token.revoke', 'code_replay', 'refresh_reuse'))
       and not exists (select 1 from audit a where a.action = 'sign_out'
                          and a.detail ->> 'session' = f.session_public_id)`,
  'a revocation that revoked nothing': `
    select a.target from audit a join token_families f on f.id = a.target
     where a.action in ('token.revoke', 'code_replay', 'refresh_reuse') and f.revoked_at is null`,
  "an administrator's edit without its audit row, or the row without the edit": `
    select s.id, s.version from sources s where s.version - 1 <> (
      select count(*) from audit a where a.action = 'source.update' and a.outcome = 'ok' and a.target = s.id)`,
  'a source without its audit row': `
    select s.id from sources s where not exists (
      select 1 from audit a where a.action = 'source.create' and a.target = s.id)`,
  'an audit row of a person who is not there': `
    select a.id from audit a where a.action in ('sign_in', 'user.create') and a.outcome = 'ok'
       and not exists (select 1 from users u where u.id = a.target)`,
};

export type Query = (text: string) => Promise<Record<string, unknown>[]>;

/** The half states there are, each with a few of its rows. */
export const findHalfStates = async (query: Query): Promise<Record<string, unknown[]>> => {
  const found: Record<string, unknown[]> = {};
  for (const [meaning, text] of Object.entries(halfStates)) {
    const rows = await query(text);
    if (rows.length > 0) found[meaning] = rows.slice(0, 5);
  }
  return found;
};
