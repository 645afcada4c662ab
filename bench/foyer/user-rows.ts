/**
 * @module Rows of people who never sign in. A million of them through the API would take longer than the
 * whole run, so this is the one place that writes into Foyer's tables by itself.
 */
import pg from 'pg';

/** Adds `count` people, each with an identity at the source, to one domain. */
export async function addUserRows(
  databaseUrl: string,
  {
    domainId,
    sourceId,
    issuer,
    count,
  }: { domainId: string; sourceId: string; issuer: string; count: number },
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `insert into users (domain_id, id, email, email_canonical, name, first_name, last_name)
       select $1, 'user-row' || n, 'row' || n || '@example.test', 'row' || n || '@example.test',
              'Given Row' || n, 'Given', 'Row' || n
       from generate_series(1, $2::int) n`,
      [domainId, count],
    );
    await client.query(
      `insert into identities (domain_id, source_id, issuer, subject, user_id, email)
       select $1, $2, $3, 'row' || n, 'user-row' || n, 'row' || n || '@example.test'
       from generate_series(1, $4::int) n`,
      [domainId, sourceId, issuer, count],
    );
    await client.query('vacuum analyze users');
    await client.query('vacuum analyze identities');
  } finally {
    await client.end();
  }
}
