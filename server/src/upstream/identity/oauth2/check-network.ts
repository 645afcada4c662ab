/**
 * Asks the hosts of a source: are they there, is their certificate good, is their clock ours, does their discovery
 * document say what was typed. Coarse on purpose: it must not map the operator's network (S-107).
 */
import { type FoyerError, isFoyerError } from '#base/lib/errors.ts';
import type { SourceTools } from '../identity-source.ts';
import { discoveryUrlOf, readProviderDocument } from './discover-provider.ts';
import type { Finding } from './finding.ts';
import { peekUrl, resolveUrls } from './resolve-url.ts';
import { type OAuth2Settings, readSettings } from './settings.ts';

const maxSkewSeconds = 60;

interface Target {
  field: string;
  url: string;
}

/** One address for each host. */
const targetsOf = (settings: OAuth2Settings): Target[] => {
  const { authorize, token, profile } = resolveUrls(settings);
  const all: Target[] = [
    { field: 'token_url', url: token },
    { field: 'raw_info_url', url: profile },
    { field: 'authorize_url', url: authorize },
  ];
  const seen = new Set<string>();
  return all.filter(({ url }) => {
    const origin = peekUrl(url)?.origin;
    if (origin === undefined || seen.has(origin)) return false;
    seen.add(origin);
    return true;
  });
};

const certificateCode = /^(?:CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

const wordsOf = (error: FoyerError): Pick<Finding, 'code' | 'message' | 'fix'> | undefined => {
  // It answered, if not with anything that we could use: then it is there.
  if (error.code === 'upstream_invalid' || error.code === 'bad_profile') return undefined;
  if (error.code === 'egress_denied') {
    return {
      code: 'host_denied',
      message: 'Foyer may not connect to this host.',
      fix: 'The operator of Foyer can allow it (EGRESS_ALLOW).',
    };
  }
  if (certificateCode.test(String(error.evidence?.nodeCode))) {
    return {
      code: 'host_certificate',
      message: 'The certificate of this host is not good.',
      fix: 'Check the address. With a certificate authority of your own: the operator names it to Foyer (EGRESS_CA_FILE).',
    };
  }
  return error.code === 'upstream_timeout'
    ? {
        code: 'host_timeout',
        message: 'This host did not answer in time.',
        fix: 'Check the address, or try again.',
      }
    : {
        code: 'host_unreachable',
        message: 'This host cannot be reached.',
        fix: 'Check the address for typing errors.',
      };
};

const checkClock = (tools: SourceTools, field: string, rawDate: unknown): Finding[] => {
  const at = typeof rawDate === 'string' ? Date.parse(rawDate) : Number.NaN;
  const seconds = Math.round((tools.clock.nowMs() - at) / 1000);
  if (!Number.isFinite(seconds) || Math.abs(seconds) <= maxSkewSeconds) return [];
  return [
    {
      field,
      level: 'warning',
      code: 'clock_differs',
      message: `The clocks of Foyer and of this host differ by ${Math.abs(seconds)} seconds: tokens may be refused.`,
      fix: 'The operator of Foyer checks the server’s time (NTP).',
      values: { seconds: String(Math.abs(seconds)) },
    },
  ];
};

const checkHost = async (tools: SourceTools, { field, url }: Target): Promise<Finding[]> => {
  const host = peekUrl(url)?.host ?? '';
  try {
    const { headers } = await tools.egress.request({ url, method: 'GET', accept: 'any' });
    return [reached(field, url, host), ...checkClock(tools, field, headers.date)];
  } catch (error) {
    if (!isFoyerError(error)) throw error;
    const words = wordsOf(error);
    if (words !== undefined) return [{ field, level: 'error', ...words, values: { host } }];
    return [reached(field, url, host)];
  }
};

const reached = (field: string, url: string, host: string): Finding => {
  const isSecure = url.startsWith('https:');
  return {
    field,
    level: 'ok',
    code: isSecure ? 'host_reached' : 'host_reached_plain',
    message: isSecure ? `${host} answers, with a good certificate.` : `${host} answers, without encryption.`,
    values: { host },
  };
};

const checkDiscovery = async (tools: SourceTools, settings: OAuth2Settings): Promise<Finding[]> => {
  const url = discoveryUrlOf(settings);
  if (url === undefined) return [];
  const field = settings.issuer === '' ? 'token_url' : 'issuer';
  try {
    const document = await readProviderDocument(tools, url);
    const urls = resolveUrls(settings);
    const differs = (name: string, typed: string, published: string): Finding[] =>
      typed === '' || typed === published
        ? []
        : [
            {
              field: name,
              level: 'warning',
              code: 'discovery_differs',
              message: `The provider’s discovery document names another address: ${published}`,
              fix: 'Use that one, unless the provider’s documentation says otherwise.',
              values: { published },
            },
          ];
    return [
      ...differs('authorize_url', urls.authorize, document.authorize_url),
      ...differs('token_url', urls.token, document.token_url),
    ];
  } catch (error) {
    if (!isFoyerError(error)) throw error;
    const message = 'The provider’s discovery document could not be read.';
    return [{ field, level: 'warning', code: 'discovery_unread', message, fix: 'Check tenant or issuer.' }];
  }
};

export const checkNetwork = async (
  raw: Readonly<Record<string, unknown>>,
  tools: SourceTools,
): Promise<Finding[]> => {
  const settings = readSettings(raw);
  const checks = [
    ...targetsOf(settings).map((target) => checkHost(tools, target)),
    checkDiscovery(tools, settings),
  ];
  return (await Promise.all(checks)).flat();
};
