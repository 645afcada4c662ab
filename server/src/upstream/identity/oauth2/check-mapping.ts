/** Mappings and conditions that save well and do not do what they look like. */
import type { Checked } from './check-settings.ts';
import type { Finding } from './finding.ts';
import { splitKeys } from './look-up.ts';
import { tokenTargets } from './mapping-targets.ts';
import { isOidc } from './settings.ts';

type Raw = Readonly<Record<string, unknown>>;

const finding = (
  field: string,
  code: string,
  message: string,
  fix: string,
  values: Record<string, string> = {},
): Finding => ({ field, level: 'warning', code, message, fix, values });

const recordOf = (value: unknown): Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};

const checkTargets = ({ settings, known }: Checked): Finding[] => {
  const { infoMappings } = settings;
  const isMapped = (target: string): boolean => splitKeys(infoMappings[target] ?? '').length > 0;
  const findings: Finding[] = [];
  if (!isMapped('uid') && (known?.family === 'entra' || isOidc(settings))) {
    const because =
      known?.family === 'entra'
        ? 'People would be known by an id that another app registration would not know.'
        : 'People would be known by the ID token’s sub.';
    const fix = known?.family === 'entra' ? 'Map uid to id.' : 'Map uid to sub to say so.';
    findings.push(finding('info_mappings', 'uid_unmapped', `No key is mapped to uid. ${because}`, fix));
  }
  if (!isMapped('email')) {
    findings.push(
      finding(
        'info_mappings',
        'email_unmapped',
        'No key is mapped to email: accounts would have no address.',
        known?.family === 'entra' ? 'Map email to mail,userPrincipalName.' : 'Map email to email.',
      ),
    );
  }
  const missing = [...tokenTargets].filter((target) => !isMapped(target)).join(', ');
  if (missing !== '') {
    findings.push(
      finding(
        'info_mappings',
        'token_mappings_missing',
        `Not mapped: ${missing}. The documented source has them, and PlaceOS’ calendar features look for them.`,
        'Map access_token to token, refresh_token to refresh_token, expires to expires, expires_at to expires_at.',
        { missing },
      ),
    );
  }
  return findings;
};

const checkKeys = (typed: Raw): Finding[] => {
  const findings: Finding[] = [];
  const seen = new Map<string, string>();
  for (const [target, mapping] of Object.entries(recordOf(typed.info_mappings))) {
    const values = { target: target.trim() };
    const known = seen.get(target.trim().toLowerCase());
    if (known !== undefined) {
      const message = `“${target.trim()}” is there twice; only one of the two counts.`;
      findings.push(finding('info_mappings', 'mapping_twice', message, 'Remove one.', values));
    }
    seen.set(target.trim().toLowerCase(), target);
    const keys = typeof mapping === 'string' ? splitKeys(mapping) : [];
    if (keys.length === 0) {
      const message = `“${target.trim()}” names no key: nothing fills it.`;
      findings.push(finding('info_mappings', 'mapping_empty', message, 'Name a key, or remove it.', values));
    }
    const twice = keys.find((key, at) => keys.indexOf(key) !== at);
    if (twice !== undefined) {
      const message = `“${target.trim()}” names ${twice} twice.`;
      findings.push(
        finding('info_mappings', 'mapping_key_twice', message, 'Name it once.', { ...values, key: twice }),
      );
    }
  }
  return findings;
};

const checkMatching = (typed: Raw): Finding[] => {
  const findings: Finding[] = [];
  for (const [claim, wanted] of Object.entries(recordOf(typed.ensure_matching))) {
    const texts = (Array.isArray(wanted) ? wanted : [wanted]).filter((each) => typeof each === 'string');
    for (const text of texts) {
      const values = { claim, value: text };
      if (/,/.test(text) && !text.startsWith('^')) {
        const message = `“${text}” is compared as one value, comma included.`;
        const fix = 'Enter each value by itself.';
        findings.push(finding('ensure_matching', 'matching_comma', message, fix, values));
      } else if (text.trim() !== '' && text !== text.trim()) {
        const message = `There is a blank around “${text}”; it is left out.`;
        findings.push(finding('ensure_matching', 'matching_blank', message, 'Remove the blank.', values));
      }
    }
  }
  return findings;
};

/** @param typed as it was written: stored settings have lost what is looked for here */
export const checkMapping = (checked: Checked, typed: Raw): Finding[] => [
  ...checkTargets(checked),
  ...checkKeys(typed),
  ...checkMatching(typed),
];
