/**
 * @module Which tenant, of which Microsoft cloud, an administrator means who pastes a tenant id, a domain, an e-mail
 * address, or any address of Entra.
 */
import { isHostName, readWebAddress } from './web-address.ts';

export interface Cloud {
  /** Where people sign in. */
  site: string;
  /** Where Microsoft Graph is. */
  graph: string;
  /** Where administrators register applications. */
  portal: string;
}

export const worldwide: Cloud = {
  site: 'https://login.microsoftonline.com',
  graph: 'https://graph.microsoft.com',
  portal: 'https://entra.microsoft.com',
};
const usGovernment: Cloud = {
  site: 'https://login.microsoftonline.us',
  graph: 'https://graph.microsoft.us',
  portal: 'https://entra.microsoft.us',
};
const china: Cloud = {
  site: 'https://login.partner.microsoftonline.cn',
  graph: 'https://microsoftgraph.chinacloudapi.cn',
  portal: 'https://entra.microsoftonline.cn',
};

const clouds: ReadonlyMap<string, Cloud> = new Map([
  ['login.microsoftonline.com', worldwide],
  ['login.microsoft.com', worldwide],
  ['login.windows.net', worldwide],
  ['sts.windows.net', worldwide],
  ['login.microsoftonline.us', usGovernment],
  ['login.partner.microsoftonline.cn', china],
  ['login.chinacloudapi.cn', china],
  ['sts.chinacloudapi.cn', china],
]);

const portals: ReadonlyMap<string, Cloud> = new Map([
  ['entra.microsoft.com', worldwide],
  ['portal.azure.com', worldwide],
  ['aad.portal.azure.com', worldwide],
  ['myapps.microsoft.com', worldwide],
  ['myaccount.microsoft.com', worldwide],
  ['graph.microsoft.com', worldwide],
  ['entra.microsoft.us', usGovernment],
  ['portal.azure.us', usGovernment],
  ['entra.microsoftonline.cn', china],
  ['portal.azure.cn', china],
]);

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const wholeGuid = new RegExp(`^${guid}$`);
export const isGuid = (text: string): boolean => wholeGuid.test(text.trim().toLowerCase());

/** Not one tenant but many: which ones may come must be listed. */
const aliases = new Set(['common', 'organizations']);

export type TenantAddress =
  | { kind: 'tenant'; tenant: string; cloud: Cloud }
  | { kind: 'domain'; tenant: string; cloud: Cloud }
  | { kind: 'many'; tenant: string; cloud: Cloud }
  | { kind: 'empty' }
  | { kind: 'refused'; problem: 'not_a_tenant' | 'url_without_tenant' | 'personal_accounts' };

const read = (rawTenant: string, cloud: Cloud): TenantAddress | undefined => {
  const tenant = rawTenant.toLowerCase().replace(/^\{|\}$/g, '');
  if (tenant === 'consumers') return { kind: 'refused', problem: 'personal_accounts' };
  if (aliases.has(tenant)) return { kind: 'many', tenant, cloud };
  if (isGuid(tenant)) return { kind: 'tenant', tenant, cloud };
  if (isHostName(tenant)) return { kind: 'domain', tenant, cloud };
  return undefined;
};

/** In a portal's address the ids of applications stand beside that of the tenant, so only a named one counts. */
const inPortal = (url: URL, cloud: Cloud): TenantAddress | undefined => {
  const text = decodeURIComponent(`${url.pathname}${url.search}${url.hash}`);
  const named =
    new RegExp(`tenant_?id[/=~]+(${guid})`, 'i').exec(text) ??
    /[#/]@([a-z0-9.-]+)/i.exec(text) ??
    /[?&]tid=([0-9a-f-]{36})/i.exec(text);
  return named?.[1] === undefined ? undefined : read(named[1], cloud);
};

const ownCloud = (url: URL): Cloud => ({ site: url.origin, graph: url.origin, portal: worldwide.portal });

const fromUrl = (url: URL): TenantAddress => {
  const portal = portals.get(url.hostname);
  // Of an unknown host (a gateway, an emulator) everything is there, Graph included.
  const cloud = portal ?? clouds.get(url.hostname) ?? ownCloud(url);
  const found = portal === undefined ? read(url.pathname.split('/')[1] ?? '', cloud) : inPortal(url, portal);
  return found ?? { kind: 'refused', problem: 'url_without_tenant' };
};

/** Reads what was typed or pasted into “Tenant”. */
export const readTenantAddress = (raw: string): TenantAddress => {
  const text = raw.trim();
  if (text === '') return { kind: 'empty' };
  if (/^https?:\/\//i.test(text) || text.includes('/')) {
    const url = readWebAddress(text);
    return url === undefined ? { kind: 'refused', problem: 'not_a_tenant' } : fromUrl(url);
  }
  const afterAt = text.slice(text.lastIndexOf('@') + 1);
  return read(afterAt, worldwide) ?? { kind: 'refused', problem: 'not_a_tenant' };
};
