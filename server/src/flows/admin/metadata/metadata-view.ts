import { unixSeconds } from '#base/lib/clock.ts';
import type { Metadata } from '#model/metadata/metadata.ts';

export const metadataView = (metadata: Metadata) => ({
  name: metadata.name,
  description: metadata.description,
  details: metadata.details,
  parent_id: metadata.parentId,
  ...(metadata.schemaId !== undefined && { schema_id: metadata.schemaId }),
  ...(metadata.modifiedById !== undefined && { modified_by_id: metadata.modifiedById }),
  editors: metadata.editors,
  created_at: unixSeconds(metadata.createdAt),
  updated_at: unixSeconds(metadata.updatedAt),
});

/** The documents of one parent. */
export const metadataByName = (documents: readonly Metadata[]) =>
  Object.fromEntries(documents.map((each) => [each.name, metadataView(each)]));
