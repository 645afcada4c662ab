/** Addresses that are fine one by one and do not fit together. */
import type { Checked } from './check-settings.ts';
import type { Finding } from './finding.ts';
import { peekUrl, resolveUrls } from './resolve-url.ts';

interface EntraAddress {
  tenant: string;
  isV2: boolean;
}

const entraAddress = (url: string): EntraAddress | undefined => {
  const path = /^\/([^/]+)\/oauth2\/(v2\.0\/)?(?:authorize|token)$/.exec(peekUrl(url)?.pathname ?? '');
  const [, tenant, version] = path ?? [];
  return tenant === undefined ? undefined : { tenant: tenant.toLowerCase(), isV2: version !== undefined };
};

const checkTenants = ({ settings, known }: Checked): Finding[] => {
  if (known?.family !== 'entra') return [];
  const urls = resolveUrls(settings);
  const authorize = entraAddress(urls.authorize);
  const token = entraAddress(urls.token);
  if (authorize === undefined || token === undefined) return [];
  const findings: Finding[] = [];
  if (authorize.tenant !== token.tenant) {
    findings.push({
      field: 'token_url',
      level: 'error',
      code: 'tenants_differ',
      message: `Authorize URL names the tenant ${authorize.tenant}, Token URL ${token.tenant}.`,
      fix: 'Use the same tenant in both.',
      values: { authorize: authorize.tenant, token: token.tenant },
    });
  }
  if (authorize.isV2 !== token.isV2) {
    findings.push({
      field: 'token_url',
      level: 'error',
      code: 'versions_differ',
      message: 'One of Authorize URL and Token URL is of Microsoft’s v2.0 endpoints, the other is not.',
      fix: 'Use …/oauth2/v2.0/… in both.',
    });
  }
  if (known.anyTenant && settings.tidAllow.length > 0) {
    const count = String(settings.tidAllow.length);
    findings.push({
      field: 'tid_allow',
      level: 'ok',
      code: 'listed_tenants',
      message: `Only people of the ${count} listed tenants may sign in.`,
      values: { count },
    });
  }
  return findings;
};

export const checkAddresses = (checked: Checked): Finding[] => {
  const { site } = checked.settings;
  const path = peekUrl(site)?.pathname ?? '/';
  const findings = checkTenants(checked);
  if (site !== '' && path !== '/') {
    findings.push({
      field: 'site',
      level: 'warning',
      code: 'site_has_path',
      message: `The site ends in ${path}. Addresses that begin with a slash leave that out.`,
      fix: 'Enter the address of the provider only up to the first slash.',
      values: { path },
    });
  }
  return findings;
};
