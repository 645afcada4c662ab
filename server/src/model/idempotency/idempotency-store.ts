/**
 * @module Which creating requests were seen already, and what was answered. A claim is made before the work; one
 * that never got its answer is not worked on again, because nobody knows whether the work was done.
 */
import { statement } from '#base/db/database.ts';
import type { DomainId } from '#base/lib/ids.ts';
import type { Keyring, SealedPlace } from '#model/keys/keyring.ts';
import type { Tx } from '#model/tables.ts';

export interface KeyedRequest {
  domainId: DomainId;
  keyHash: Buffer;
  requestHash: Buffer;
}

export interface KnownAnswer {
  status: number;
  text: string;
}

export type Claim =
  | { kind: 'ours' }
  | { kind: 'other_request' }
  | { kind: 'under_way' }
  | { kind: 'answered'; answer: KnownAnswer };

const claimKey = statement(
  'idempotency_claim',
  `insert into idempotency_keys (domain_id, key_hash, request_hash, expires_at)
   values ($1, $2, $3, now() + interval '24 hours')
   on conflict (domain_id, key_hash) do update
     set request_hash = excluded.request_hash, expires_at = excluded.expires_at, status = null, answer_sealed = null
     where idempotency_keys.expires_at < now()
   returning true as ours`,
);

const findKey = statement(
  'idempotency_find',
  `select request_hash, status, answer_sealed from idempotency_keys
    where domain_id = $1 and key_hash = $2 and expires_at > now()`,
);

const keepAnswer = statement(
  'idempotency_keep',
  'update idempotency_keys set status = $3, answer_sealed = $4 where domain_id = $1 and key_hash = $2',
);

const dropKey = statement(
  'idempotency_drop',
  'delete from idempotency_keys where domain_id = $1 and key_hash = $2',
);

const placeOf = ({ domainId, keyHash }: KeyedRequest): SealedPlace => ({
  domainId,
  table: 'idempotency_keys',
  column: 'answer_sealed',
  rowId: keyHash.toString('hex'),
});

interface KeyRow {
  request_hash: Buffer;
  status: number | null;
  answer_sealed: Buffer | null;
}

/** Claims the key for this request, or says what became of the one that has it. */
export const claimRequest = async (tx: Tx, keyring: Keyring, request: KeyedRequest): Promise<Claim> => {
  const { domainId, keyHash, requestHash } = request;
  const [ours] = await tx.run<{ ours: true }>(claimKey, [domainId, keyHash, requestHash]);
  if (ours) return { kind: 'ours' };
  const [row] = await tx.run<KeyRow>(findKey, [domainId, keyHash]);
  // Let go between the two statements: the next try claims it.
  if (!row) return { kind: 'under_way' };
  if (!requestHash.equals(Buffer.from(row.request_hash))) return { kind: 'other_request' };
  if (row.status === null || row.answer_sealed === null) return { kind: 'under_way' };
  const text = await keyring.open(placeOf(request), row.answer_sealed);
  return { kind: 'answered', answer: { status: row.status, text } };
};

export const keepRequestAnswer = async (
  tx: Tx,
  keyring: Keyring,
  request: KeyedRequest,
  answer: KnownAnswer,
): Promise<void> => {
  const sealed = await keyring.seal(placeOf(request), answer.text);
  await tx.run(keepAnswer, [request.domainId, request.keyHash, answer.status, sealed]);
};

/** After a refusal nothing was done, so the key may be used again. */
export const releaseRequest = async (tx: Tx, { domainId, keyHash }: KeyedRequest): Promise<void> => {
  await tx.run(dropKey, [domainId, keyHash]);
};
