/** An audit row as a sentence: "Alice changed the source Microsoft: scope, token_url". */
import type { AuditView } from '@foyer/contract/audit.ts';
import type { Language } from '#lib/words.ts';
import { actionWords } from './action-words.ts';
import { auditWords } from './words.ts';

/** A piece of a sentence; what people or providers named is set apart from our own words. */
export interface Piece {
  text: string;
  isName: boolean;
}

type Told = Omit<AuditView, 'id' | 'authority_id' | 'at' | 'detail'> & Partial<Pick<AuditView, 'detail'>>;

const own = (text: string): Piece => ({ text, isName: false });
const name = (text: string): Piece => ({ text, isName: true });

const find = (table: object, key: string): string | undefined =>
  Object.hasOwn(table, key) ? (table as Record<string, string>)[key] : undefined;

/** Why something was refused; an unknown code as it is. */
export const reasonText = (code: string, language: Language): string =>
  find(auditWords[language].reasons, code) ?? code;

/** Fields as the API names them; the log has some by the names of the server's own records. */
export const fieldText = (field: string, language: Language): string =>
  find(auditWords[language].fieldNames, field) ??
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const actorOf = (row: Told, language: Language): Piece[] => {
  const { actor, application_name, target_name } = row;
  const words = auditWords[language].actors;
  const known = actor.name ?? actor.id;
  switch (actor.kind) {
    case 'user':
      return [name(known ?? words.somebody)];
    case 'api_key':
      return [own(words.apiKey), ...(known === undefined ? [] : [own(' '), name(known)])];
    case 'application':
      return [own(words.application), own(' '), name(application_name ?? known ?? '')];
    case 'operator':
      return [own(words.operator)];
    case 'system':
      return [own(words.system)];
    default:
      // Whose account it was about is known; who tried is not.
      return target_name === undefined
        ? [own(words.somebody)]
        : [own(`${words.somebody} (`), name(target_name), own(')')];
  }
};

/** The sentence of an action, or a plain one for an action that this console does not know. */
const templateOf = ({ action, outcome }: Told, language: Language): string => {
  const words = auditWords[language];
  const usual = find(actionWords[language], action) ?? words.unknownAction(action);
  if (outcome !== 'denied') return usual;
  return find(actionWords[language], `${action}.denied`) ?? words.refused(usual);
};

/** "The API key" is "the API key" within a sentence. */
const inner = ([first, ...rest]: Piece[]): Piece[] =>
  first === undefined || first.isName
    ? [...(first ? [first] : []), ...rest]
    : [own(first.text.charAt(0).toLowerCase() + first.text.slice(1)), ...rest];

/** What somebody did although the server advised against it, and the reason they gave. */
const overriddenOf = ({ detail }: Told, language: Language): Piece[] => {
  const guards: unknown = detail?.overridden;
  if (!Array.isArray(guards) || guards.length === 0) return [];
  const { although, and, overridden } = auditWords[language];
  const said = guards.map((guard) => find(overridden, String(guard)) ?? String(guard)).join(` ${and} `);
  const reason = typeof detail?.reason === 'string' ? [own(': '), name(detail.reason)] : [];
  return [own(`, ${although} ${said}`), ...reason];
};

const endOf = (row: Told, language: Language): Piece[] => {
  if (row.outcome === 'denied' && row.reason !== undefined) {
    return [own(`: ${reasonText(row.reason, language)}`)];
  }
  const overridden = overriddenOf(row, language);
  if (overridden.length > 0) return overridden;
  // What a new thing was given is no news; what changed is.
  if (!row.action.endsWith('.update') || row.fields.length === 0) return [];
  return [own(`: ${row.fields.map((field) => fieldText(field, language)).join(', ')}`)];
};

/** The words of a row, in pieces. */
export const tell = (row: Told, language: Language): Piece[] => {
  const words = auditWords[language];
  const isSelf = row.actor.kind === 'user' && row.actor.id !== undefined && row.actor.id === row.target;
  const source = row.source_name ?? row.source_id;
  const given: Record<string, (atStart: boolean) => Piece[]> = {
    who: (atStart) => (atStart ? actorOf(row, language) : inner(actorOf(row, language))),
    what: () => (isSelf ? [own(words.themselves)] : [name(row.target_name ?? row.target ?? words.something)]),
    source: () => [name(source ?? words.something)],
    via: () => (source === undefined ? [own(words.withPassword)] : [own(words.through), name(source)]),
    app: () => [name(row.application_name ?? row.application_id ?? words.something)],
  };
  const sentence = templateOf(row, language)
    .split(/(\{\w+\})/)
    .filter((part) => part !== '')
    .flatMap((part, index) => {
      const placeholder = /^\{(\w+)\}$/.exec(part)?.[1];
      return placeholder === undefined ? [own(part)] : (given[placeholder]?.(index === 0) ?? []);
    });
  return [...sentence, ...endOf(row, language)];
};

/** The same as plain text, for screen readers and labels. */
export const tellText = (row: Told, language: Language): string =>
  tell(row, language)
    .map(({ text }) => text)
    .join('');
