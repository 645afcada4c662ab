import type { Warning } from './remind-of-secrets.ts';

const secretNames: Readonly<Record<string, string>> = {
  client_secret: 'client secret',
  next_client_secret: 'second client secret',
  client_private_key: 'private key',
};

/** One line: a name that an administrator typed must not look like the text around it. */
const oneLine = (text: string): string =>
  text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 120);

const when = (days: number): string => {
  if (days === 0) return 'has ended';
  return days === 1 ? 'ends within a day' : `ends in ${days} days`;
};

/** Subject and text of the mail; nobody's secret, and no link but to the console. */
export const warningMail = (warning: Warning): { subject: string; text: string } => {
  const source = oneLine(warning.source.name);
  const secret = secretNames[warning.field] ?? warning.field;
  const ends = when(warning.days_left);
  const at = new Date(warning.expires_at * 1_000).toISOString().slice(0, 16).replace('T', ' ');
  return {
    subject: `${warning.domain}: the secret of "${source}" ${ends}`,
    text: [
      `The ${secret} of the sign-in source "${source}" at ${warning.domain} ${ends} (${at} UTC).`,
      '',
      warning.days_left === 0
        ? 'Nobody can sign in through it until there is a new one.'
        : 'After that nobody can sign in through it. Make a new secret at the provider and enter it beside the old one,',
      warning.days_left === 0 ? 'Make one at the provider and enter it here:' : 'so that there is no gap:',
      '',
      warning.console_url,
      '',
    ].join('\n'),
  };
};
