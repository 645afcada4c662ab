import type { Person } from './directory.ts';
import { GraphError } from './graph-bearer.ts';

export type GraphUser = Record<string, unknown>;

const defaultProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

/** Every property that the emulator knows of a user. */
export function graphUser(person: Person): GraphUser {
  return {
    businessPhones: person.business_phones,
    displayName: person.display_name,
    givenName: person.given_name,
    jobTitle: person.job_title,
    mail: person.mail,
    mobilePhone: person.mobile_phone,
    officeLocation: person.office_location,
    preferredLanguage: person.preferred_language,
    surname: person.surname,
    userPrincipalName: person.user_principal_name,
    id: person.oid,
    accountEnabled: !person.disabled,
    userType: person.guest ? 'Guest' : 'Member',
    department: null,
    companyName: null,
    employeeId: null,
    otherMails: [],
    proxyAddresses: person.mail === null ? [] : [`SMTP:${person.mail}`],
  };
}

/**
 * `$select`, or the properties that Graph gives by default.
 *
 * @throws {GraphError} 400 for a property that users do not have
 */
export function selectProperties(user: GraphUser, rawSelect: string | null): GraphUser {
  const wanted = rawSelect ? rawSelect.split(',').map((name) => name.trim()) : defaultProperties;
  const selected: GraphUser = {};
  for (const name of wanted) {
    const known = Object.keys(user).find((property) => property.toLowerCase() === name.toLowerCase());
    if (known === undefined && rawSelect) {
      throw new GraphError(
        400,
        'BadRequest',
        `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.user'.`,
      );
    }
    if (known !== undefined && known in user) selected[known] = user[known];
  }
  return selected;
}

/**
 * The part of `$filter` that directory look-ups use: `eq` and `startswith`, joined by all `and` or all `or`.
 *
 * @throws {GraphError} 400 Request_UnsupportedQuery
 */
export function matchesFilter(user: GraphUser, rawFilter: string): boolean {
  const joiner = / or /i.test(rawFilter) ? / or /i : / and /i;
  const results = rawFilter.split(joiner).map((rawClause) => matchesClause(user, rawClause.trim()));
  return joiner.source === ' or ' ? results.some(Boolean) : results.every(Boolean);
}

function matchesClause(user: GraphUser, rawClause: string): boolean {
  const equal = /^(\w+) eq (?:'((?:[^']|'')*)'|(true|false|null))$/i.exec(rawClause);
  if (equal) {
    const [, name = '', text, literal] = equal;
    const value = user[name];
    if (text === undefined) return String(value) === literal?.toLowerCase();
    return String(value ?? '').toLowerCase() === text.replaceAll("''", "'").toLowerCase();
  }
  const starts = /^startswith\((\w+), ?'((?:[^']|'')*)'\)$/i.exec(rawClause);
  if (starts) {
    const [, name = '', text = ''] = starts;
    return String(user[name] ?? '')
      .toLowerCase()
      .startsWith(text.replaceAll("''", "'").toLowerCase());
  }
  throw new GraphError(
    400,
    'Request_UnsupportedQuery',
    'Unsupported or invalid query filter clause specified.',
  );
}

/** `$search="displayName:ali"`: words that begin so. */
export function matchesSearch(user: GraphUser, rawSearch: string): boolean {
  const [, name = '', text = ''] = /^"(\w+):(.*)"$/.exec(rawSearch.trim()) ?? [];
  if (!name) {
    throw new GraphError(400, 'BadRequest', 'Syntax error: a search has the form "property:value".');
  }
  const words = String(user[name] ?? '')
    .toLowerCase()
    .split(/[\s@._-]+/);
  return words.some((word) => word.startsWith(text.toLowerCase()));
}
