/**
 * @module Builds the contract's schemas: TypeBox's names, types and results, for the kinds of schema that are used here.
 * TypeBox itself is 680 files, which every start of a server would load; its types cost nothing, and its checker is
 * loaded when there is something to check.
 */
import type TypeBox from 'typebox';
import type { TProperties, TSchema, TSchemaOptions } from 'typebox';

type Builder = Pick<
  typeof TypeBox,
  | 'Array'
  | 'Boolean'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unknown'
>;

/** Marks an optional member for the object around it, as TypeBox does; JSON does not show it. */
const optional = '~optional';

const ofType =
  (type: string) =>
  (options?: TSchemaOptions): unknown => ({ type, ...options });

export const Type = {
  Array: (items: TSchema, options?: TSchemaOptions) => ({ type: 'array', items, ...options }),
  Boolean: ofType('boolean'),
  Integer: ofType('integer'),
  Literal: (value: string | number | boolean, options?: TSchemaOptions) => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Null: ofType('null'),
  Number: ofType('number'),
  Object(properties: TProperties, options?: TSchemaOptions) {
    const required = Object.keys(properties).filter((name) => !(optional in (properties[name] as TSchema)));
    return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
  },
  Optional: (schema: TSchema) => Object.defineProperty({ ...schema }, optional, { value: true }),
  Record: (_key: TSchema, value: TSchema, options?: TSchemaOptions) => ({
    type: 'object',
    patternProperties: { '^.*$': value },
    ...options,
  }),
  String: ofType('string'),
  Union: (anyOf: TSchema[], options?: TSchemaOptions) => ({ anyOf, ...options }),
  Unknown: (options?: TSchemaOptions) => ({ ...options }),
} as unknown as Builder;
