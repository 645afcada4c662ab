/** Client id, secret, and how the secret is sent. */
import type { Checked } from './check-settings.ts';
import type { Finding } from './finding.ts';

export interface CredentialFacts {
  /** Typed just now; the stored one is not looked at. */
  typedSecret: string;
  /** Whether a client secret will be set after saving. */
  hasSecret: boolean;
  /** Unix seconds; `undefined`: nobody said. */
  secretExpiresAt: number | undefined;
  now: Date;
}

export const isGuid = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text.trim());

const soonDays = 30;

const checkExpiry = ({ known }: Checked, facts: CredentialFacts): Finding[] => {
  if (known?.family !== 'entra' || !facts.hasSecret) return [];
  const field = 'client_secret';
  const { secretExpiresAt } = facts;
  if (secretExpiresAt === undefined) {
    return [
      {
        field,
        level: 'warning',
        code: 'secret_expiry_unknown',
        message: 'Microsoft ends every client secret, and nobody has said when this one ends.',
        fix: 'Enter the date in the column “Expires” under Certificates & secrets, and Foyer warns in time.',
      },
    ];
  }
  const days = Math.floor((secretExpiresAt - facts.now.getTime() / 1000) / 86_400);
  const values = { days: String(days) };
  if (days < 0) {
    return [
      {
        field,
        level: 'error',
        code: 'secret_expired',
        message: 'The client secret has ended: Microsoft refuses it.',
        fix: 'Make a new one under Certificates & secrets and enter it here.',
        values,
      },
    ];
  }
  return days > soonDays
    ? []
    : [
        {
          field,
          level: 'warning',
          code: 'secret_expires_soon',
          message: `The client secret ends in ${days} days.`,
          fix: 'Make a new one now and enter it as the next secret; both work until the old one ends.',
          values,
        },
      ];
};

const checkSending = ({ settings, known }: Checked): Finding[] => {
  const { tokenMethod, authScheme } = settings;
  if (tokenMethod === 'post') return [];
  if (known?.family === 'entra') {
    return [
      {
        field: 'token_method',
        level: 'error',
        code: 'method_not_post',
        message: 'Microsoft accepts POST only at its token address.',
        fix: 'Choose POST.',
      },
    ];
  }
  return authScheme !== 'request_body'
    ? []
    : [
        {
          field: 'token_method',
          level: 'warning',
          code: 'secret_in_address',
          message:
            'With this method the secret is in the address of the request, and so in the provider’s logs.',
          fix: 'Choose POST, or Basic Auth as the authentication scheme, unless the provider demands this.',
        },
      ];
};

export const checkCredentials = (checked: Checked, facts: CredentialFacts): Finding[] => {
  const { settings, known } = checked;
  const { clientId } = settings;
  const { typedSecret } = facts;
  const findings: Finding[] = [];
  if (typedSecret !== '' && typedSecret.trim() === clientId) {
    findings.push({
      field: 'client_secret',
      level: 'error',
      code: 'secret_is_client_id',
      message: 'This is the client id, not the secret.',
      fix: 'Copy the secret’s value.',
    });
  } else if (isGuid(typedSecret)) {
    findings.push({
      field: 'client_secret',
      level: 'error',
      code: 'secret_is_guid',
      message: 'This is the secret’s ID, not its value.',
      fix: 'Copy the column “Value” under Certificates & secrets. It is shown only once: make a new secret if it is gone.',
    });
  }
  if (known?.family === 'entra' && clientId !== '' && !isGuid(clientId)) {
    findings.push({
      field: 'client_id',
      level: 'warning',
      code: 'client_id_not_guid',
      message: 'Microsoft’s client ids look like 00000000-0000-0000-0000-000000000000; this one does not.',
      fix: 'Copy “Application (client) ID” from the overview of the app registration.',
    });
  }
  if (!settings.pkce) {
    findings.push({
      field: 'pkce',
      level: 'warning',
      code: 'pkce_off',
      message: 'Without PKCE a stolen code can be used by whoever has it.',
      fix: 'Turn it on, unless the provider refuses it.',
    });
  }
  return [...findings, ...checkSending(checked), ...checkExpiry(checked, facts)];
};
