/**
 * @module The catalogue's texts in German. They are read when first asked for, so that a server whose administrators read
 * English neither starts later nor grows by them. An entry without German texts keeps its English ones.
 */
import { createRequire } from 'node:module';
import type { CatalogueEntry } from './catalogue.ts';

type Texts = Pick<CatalogueEntry, 'title' | 'cause' | 'person' | 'fix'>;

// Two files, because one of this length is no pleasure to edit; their order is that of the catalogue.
const files = ['./catalogue-de-1.json', './catalogue-de-2.json'];

let texts: ReadonlyMap<string, Texts> | undefined;

const readTexts = (): ReadonlyMap<string, Texts> => {
  const require = createRequire(import.meta.url);
  return new Map(files.flatMap((file) => Object.entries(require(file) as Record<string, Texts>)));
};

export const germanTexts = (id: string): Texts | undefined => {
  texts ??= readTexts();
  return texts.get(id);
};
