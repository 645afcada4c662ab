import type { AuditView } from '@foyer/contract/audit.ts';
import { useLanguage } from '#lib/language.tsx';
import { tell } from './tell.ts';

/** A row in words; names stand out, and whatever is in them is only text. */
export const Sentence = ({ row }: { row: AuditView }) => {
  const [language] = useLanguage();
  return tell(row, language).map(({ text, isName }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a row are always the same
    isName ? <b key={index}>{text}</b> : <span key={index}>{text}</span>,
  );
};
