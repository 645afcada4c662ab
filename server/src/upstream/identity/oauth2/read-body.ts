/** Bodies that are not always JSON. */
import type { EgressResponse } from '#base/lib/egress/egress.ts';

type Answer = Pick<EgressResponse, 'headers' | 'text'>;

const contentType = ({ headers }: Answer): string => {
  const type = headers['content-type'];
  return typeof type === 'string' ? type : '';
};

export const isFormAnswer = (answer: Answer): boolean =>
  /^application\/x-www-form-urlencoded\b/i.test(contentType(answer));

export const isJsonAnswer = (answer: Answer): boolean =>
  /^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json\s*(?:;|$)/i.test(contentType(answer));

const maxFields = 200;

/** The fields of a form; `undefined` when one is repeated or there are too many. */
export const readForm = (text: string): Record<string, string> | undefined => {
  const entries = [...new URLSearchParams(text)];
  const fields = Object.fromEntries(entries);
  const isPlain = entries.length <= maxFields && Object.keys(fields).length === entries.length;
  return isPlain ? fields : undefined;
};
