import type { FieldFailure } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { readSettings } from './settings.ts';
import { validateIssuer } from './validate-issuer.ts';
import { validateSettings } from './validate-settings.ts';

type Raw = Readonly<Record<string, unknown>>;

/**
 * Everything that is checked when a source is saved. Its issuer is asked only when this change sets it: what else is
 * mended on a source must not depend on whether its provider can be reached.
 * @param before the stored settings; empty for a new source
 */
export const validateSource = async (
  settings: Raw,
  before: Raw,
  tools: SourceTools,
): Promise<FieldFailure[]> => {
  const failures = validateSettings(settings, tools.egress);
  if (failures.length > 0 || readSettings(settings).issuer === readSettings(before).issuer) return failures;
  return validateIssuer(settings, tools);
};
