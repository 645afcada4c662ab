/**
 * @module The command line: `foyer <command>`. Each command is a file; this one finds it and prints what went wrong.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigError, configDocs } from '#base/config/config.ts';
import { isFoyerError } from '#base/lib/errors.ts';
import { KeyError } from '#model/keys/key-encryption-keys.ts';
import { UsageError } from './usage.ts';

interface Command {
  words: string;
  does: string;
  options: { flag: string; does: string }[];
  parse: NonNullable<ParseArgsConfig['options']>;
  run(values: Record<string, string | boolean | undefined>): Promise<void>;
}

const commands: Command[] = [
  {
    words: 'start',
    does: 'Run the server. The first start with an empty store prints a one-time set-up link.',
    options: [],
    parse: {},
    run: async () => (await import('./start.ts')).start(),
  },
  {
    words: 'demo',
    does: 'Run Foyer with an emulated Microsoft beside it; nothing is kept, no internet is needed.',
    options: [{ flag: '--json', does: 'print one line of JSON when it is ready' }],
    parse: { json: { type: 'boolean' } },
    run: async (values) => (await import('./demo.ts')).demo({ json: values.json === true }),
  },
  {
    words: 'migrate',
    does: 'Bring the schema of the store up to date and stop. (A start does this by itself.)',
    options: [],
    parse: {},
    run: async () => (await import('./migrate.ts')).migrateOnly(),
  },
  {
    words: 'admin create',
    does: 'Make a platform administrator with a local password, or give an existing person a new one.',
    options: [
      { flag: '--domain HOST', does: 'host name of the domain' },
      { flag: '--email ADDRESS', does: 'who' },
      { flag: '--password TEXT', does: 'else one is made up and printed (or set FOYER_ADMIN_PASSWORD)' },
      { flag: '--api-key', does: 'also make an API key with administrator rights and print it' },
      { flag: '--json', does: 'print the result as one line of JSON' },
    ],
    parse: {
      domain: { type: 'string' },
      email: { type: 'string' },
      password: { type: 'string' },
      'api-key': { type: 'boolean' },
      json: { type: 'boolean' },
    },
    run: async (values) => (await import('./operate.ts')).operate('admin.create', values),
  },
  {
    words: 'admin rescue',
    does: 'Locked out: give an administrator a fresh local password, and people the choice how to sign in.',
    options: [
      { flag: '--domain HOST', does: 'host name of the domain' },
      { flag: '--email ADDRESS', does: 'who, existing or new; else an administrator who had a password' },
      { flag: '--keep-default', does: 'leave the domain’s login page as it is' },
      { flag: '--json', does: 'print the result as one line of JSON' },
    ],
    parse: {
      domain: { type: 'string' },
      email: { type: 'string' },
      'keep-default': { type: 'boolean' },
      json: { type: 'boolean' },
    },
    run: async (values) => (await import('./operate.ts')).operate('admin.rescue', values),
  },
  {
    words: 'domain add',
    does: 'Add a domain.',
    options: [
      { flag: '--host HOST', does: 'its host name, e.g. sign-in.example.com' },
      { flag: '--name TEXT', does: 'its name for people; the host name when absent' },
      { flag: '--json', does: 'print the result as one line of JSON' },
    ],
    parse: { host: { type: 'string' }, name: { type: 'string' }, json: { type: 'boolean' } },
    run: async (values) => (await import('./operate.ts')).operate('domain.add', values),
  },
  {
    words: 'keys new',
    does: 'Print a new key-encryption key for FOYER_KEYS.',
    options: [],
    parse: {},
    run: async () => (await import('./keys.ts')).printNewKey(),
  },
  {
    words: 'keys rotate',
    does: 'Rotate keys while the server runs: publish a new signing key, wrap data keys under the newest key-encryption key.',
    options: [
      { flag: '--signing', does: 'only the signing key' },
      { flag: '--encryption', does: 'only the encryption keys' },
      { flag: '--json', does: 'print the result as one line of JSON' },
    ],
    parse: { signing: { type: 'boolean' }, encryption: { type: 'boolean' }, json: { type: 'boolean' } },
    run: async (values) => (await import('./operate.ts')).operate('keys.rotate', values),
  },
  {
    words: 'doctor',
    does: 'Look at configuration, store, schema, keys, clock and every source, and say what to mend.',
    options: [{ flag: '--json', does: 'print the result as one line of JSON' }],
    parse: { json: { type: 'boolean' } },
    run: async (values) => (await import('./operate.ts')).operate('doctor', values),
  },
];

const overview = (): string => {
  const width = Math.max(...commands.map(({ words }) => words.length));
  return [
    'Foyer decides how the people of each domain sign in, and lets apps act for them.',
    '',
    'Usage: foyer <command> [options]',
    '',
    ...commands.map(({ words, does }) => `  ${words.padEnd(width)}  ${does}`),
    '',
    'foyer <command> --help tells a command’s options. The server is configured by the environment:',
    '',
    ...configDocs.map(
      ({ name, fallback, meaning }) => `  ${name.padEnd(19)} ${meaning} Default: ${fallback}.`,
    ),
  ].join('\n');
};

const helpOf = ({ words, does, options }: Command): string => {
  const width = Math.max(0, ...options.map(({ flag }) => flag.length));
  return [
    does,
    '',
    `Usage: foyer ${words}${options.length > 0 ? ' [options]' : ''}`,
    ...(options.length > 0
      ? ['', ...options.map(({ flag, does }) => `  ${flag.padEnd(width)}  ${does}`)]
      : []),
  ].join('\n');
};

const run = async (args: string[]): Promise<void> => {
  const command = commands.find(({ words }) => words.split(' ').every((word, i) => args[i] === word));
  if (!command) {
    const asked = args[0] === undefined || ['help', '--help', '-h'].includes(args[0]);
    if (!asked) throw new UsageError(`There is no command "${args.join(' ')}".`);
    console.log(overview());
    return;
  }
  const rest = args.slice(command.words.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(helpOf(command));
    return;
  }
  let values: Record<string, string | boolean | undefined>;
  try {
    values = parseArgs({ args: rest, options: command.parse, allowPositionals: false })
      .values as typeof values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  await command.run(values);
};

run(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof UsageError) console.error(`${error.message}\nfoyer --help tells what there is.`);
  else if (error instanceof ConfigError || error instanceof KeyError) console.error(error.message);
  else if (isFoyerError(error)) {
    const failures = (error.failures ?? []).map(({ field, reason }) => `${field} ${reason}`).join('; ');
    console.error(failures || error.message);
  } else console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
  // A half-opened store must not keep the process alive.
  setTimeout(() => process.exit(1), 500).unref();
});
