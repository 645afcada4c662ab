/** The contract's builder of schemas, for rooms that know nothing else of the contract: settings of sources. */
export { Type } from '@foyer/contract/schema.ts';
