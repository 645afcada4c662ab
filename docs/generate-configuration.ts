/**
 * Writes `docs/reference/configuration.md` from the list in `server/src/base/config/config.ts`.
 * Run after each change of that list: `node docs/generate-configuration.ts`
 */
import { writeFileSync } from 'node:fs';
import { type ConfigDoc, configDocs } from '../server/src/base/config/config.ts';

/** `<` and `|` would be read as HTML and as the end of a cell. */
const cell = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('|', '\\|');

const row = ({ name, fallback, meaning }: ConfigDoc): string =>
  `| \`${name}\` | ${cell(meaning)} | ${cell(fallback)} |`;

/** The whole page. Pure, so that a test can compare it with the file. */
export const renderConfiguration = (): string =>
  [
    '# Configuration',
    '',
    'Foyer is configured by environment variables, read once at the start. A value that cannot be used stops the',
    'start with a message that names the variable. `foyer --help` prints the same list; how the settings work',
    'together is in [Run in production](../guides/production.md).',
    '',
    '| variable | meaning | default |',
    '| --- | --- | --- |',
    ...configDocs.map(row),
    '',
    'The commands read the same variables. `foyer admin create` also reads `FOYER_ADMIN_PASSWORD`.',
    '',
    'Generated from `server/src/base/config/config.ts` by `node docs/generate-configuration.ts`.',
    '',
  ].join('\n');

if (import.meta.main) {
  writeFileSync(new URL('./reference/configuration.md', import.meta.url), renderConfiguration());
}
