/**
 * @module Bodies become fields: only members that the schema names and the body has are taken; unknown and read-only
 * ones (`id`, `type`, `version`, …) are ignored, so nothing is ever mass-assigned (S-132). Failures are listed in
 * PlaceOS' words.
 */
import type { Static, TObject, TSchema } from 'typebox';
import { type FieldFailure, FoyerError } from '#base/lib/errors.ts';
import { matchesSchema } from '#base/lib/matches-schema.ts';

export interface FieldRules {
  /** Must be there when something is created, and may never become null. */
  required?: readonly string[];
  /** May never be blank; on create they must be there as well. */
  nonEmpty?: readonly string[];
}

export const reasons = {
  nil: 'should not be nil',
  required: 'is required',
  unique: 'should be unique',
  future: 'must be in the future',
  positive: 'must be positive',
} as const;

/** @throws {FoyerError} `validation_failed` when there is any failure */
export const refuseFailures = (failures: readonly FieldFailure[]): void => {
  if (failures.length > 0) throw new FoyerError('validation_failed', { failures: [...failures] });
};

export const failField = (field: string, reason: string): never => {
  throw new FoyerError('validation_failed', { failures: [{ field, reason }] });
};

const typeWords = (schema: TSchema): string => {
  const { type, anyOf, properties, patternProperties } = schema as Record<string, unknown>;
  if (type === 'array') return 'must be an array';
  if (type === 'object') return properties || patternProperties ? 'must be an object' : 'has the wrong form';
  if (anyOf) return 'has the wrong type';
  return `must be a valid ${String(type)}`;
};

/** @throws {FoyerError} `bad_request` unless the body is a JSON object */
export const bodyObject = (rawBody: unknown): Record<string, unknown> => {
  if (typeof rawBody !== 'object' || rawBody === null || Array.isArray(rawBody)) {
    throw new FoyerError('bad_request', { detail: 'the body must be a JSON object' });
  }
  return rawBody as Record<string, unknown>;
};

/**
 * The members of `rawBody` that `schema` (all optional) names, checked one by one.
 * @throws {FoyerError} `validation_failed`; nulls of required fields are reported alone, before anything else
 */
export const readFields = <S extends TObject>(
  schema: S,
  rawBody: unknown,
  rules: FieldRules & { creating: boolean },
): Static<S> => {
  const body = bodyObject(rawBody);
  const { required = [], nonEmpty = [], creating } = rules;
  const nil: FieldFailure[] = [];
  const failures: FieldFailure[] = [];
  const fields: Record<string, unknown> = {};
  for (const [field, each] of Object.entries(schema.properties)) {
    const value = Object.hasOwn(body, field) ? body[field] : undefined;
    const mustBe = required.includes(field) || nonEmpty.includes(field);
    if (value === undefined) {
      if (creating && mustBe) nil.push({ field, reason: reasons.nil });
    } else if (value === null && (mustBe || !matchesSchema(each, null))) {
      nil.push({ field, reason: reasons.nil });
    } else if (!matchesSchema(each, value)) {
      failures.push({ field, reason: typeWords(each) });
    } else if (nonEmpty.includes(field) && typeof value === 'string' && value.trim() === '') {
      failures.push({ field, reason: reasons.required });
    } else {
      fields[field] = value;
    }
  }
  refuseFailures(nil);
  refuseFailures(failures);
  return fields as Static<S>;
};

/** The body with old names replaced by the API's; where both are given, the API's name wins. */
export const renameMembers = (
  rawBody: unknown,
  names: Readonly<Record<string, string>>,
): Record<string, unknown> => {
  const body = { ...bodyObject(rawBody) };
  for (const [old, name] of Object.entries(names)) {
    if (Object.hasOwn(body, old) && !Object.hasOwn(body, name)) body[name] = body[old];
  }
  return body;
};

/**
 * A name that is safe where a client puts it into HTML: tags are removed, and so is every `<` that could still begin one.
 */
export const plainName = (text: string): string => {
  let plain = text;
  for (let before = ''; before !== plain; ) {
    before = plain;
    plain = plain.replace(/<[a-z/!?][^<>]*>/gi, '');
  }
  return plain.replace(/<(?=[a-z/!?])/gi, '').trim();
};
