/**
 * Writes `docs/reference/provider-errors.md` from the catalogue of provider errors.
 * Run after each change of `server/src/upstream/diagnosis/catalogue.json`: `node docs/generate-provider-errors.ts`
 */
import { writeFileSync } from 'node:fs';
import {
  type CatalogueEntry,
  catalogue,
  type Match,
  type Mender,
  type Provider,
} from '../server/src/upstream/diagnosis/catalogue.ts';

const chapters: readonly (readonly [Provider, string])[] = [
  ['microsoft', 'Microsoft Entra and Graph'],
  ['google', 'Google'],
  ['oauth2', 'OAuth2, any provider'],
  ['oidc', 'OpenID Connect, any provider'],
  ['tls', 'TLS'],
  ['network', 'Network'],
  ['foyer', 'What Foyer finds itself'],
];

const menders: Readonly<Record<Mender, string>> = {
  administrator: 'the administrator of the domain',
  provider_administrator: 'the administrator at the provider',
  person: 'the person who signs in',
  operator: 'the operator of Foyer’s server',
  wait: 'nobody: wait',
};

const conditions: readonly (readonly [keyof Match, string])[] = [
  ['code', ''],
  ['error', ''],
  ['suberror', 'suberror '],
  ['node_code', ''],
  ['reason', 'reason '],
  ['http_status', 'status '],
  ['foyer_code', 'code '],
  ['step', 'at step '],
  ['description_pattern', 'text '],
];

const seenAs = (match: Match): string => {
  const parts = conditions.flatMap(([name, label]) => {
    const values = match[name] as readonly (string | number)[] | undefined;
    if (values === undefined) return [];
    return [label + values.map((value) => `\`${name === 'code' ? 'AADSTS' : ''}${value}\``).join(', ')];
  });
  return parts.length === 0 ? 'anything else' : parts.join('; ');
};

const describe = (entry: CatalogueEntry): string =>
  [
    `### ${entry.title}`,
    '',
    `Seen as: ${seenAs(entry.match)}.`,
    '',
    entry.cause,
    '',
    ...entry.fix.map((step, position) => `${position + 1}. ${step}`),
    '',
    `- Mended by: ${menders[entry.who]}.${entry.field ? ` Field: \`${entry.field}\`.` : ''}`,
    `- The person reads: “${entry.person}”`,
    ...(entry.link ? [`- See <${entry.link}>`] : []),
    '',
  ].join('\n');

/** The whole page. Pure, so that a test can compare it with the file. */
export const renderProviderErrors = (): string =>
  [
    '# Provider errors',
    '',
    'What goes wrong at identity providers, who mends it and how. Foyer shows the same text beside a failed',
    'sign-in to administrators. `AADSTS` numbers can be searched for on this page.',
    '',
    'Generated from `server/src/upstream/diagnosis/catalogue.json` by `node docs/generate-provider-errors.ts`.',
    '',
    ...chapters.flatMap(([provider, title]) => [
      `## ${title}`,
      '',
      ...catalogue.filter((entry) => entry.provider === provider).map(describe),
    ]),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');

if (import.meta.main) {
  writeFileSync(new URL('./reference/provider-errors.md', import.meta.url), renderProviderErrors());
}
