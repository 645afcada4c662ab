import { AadstsError } from './aadsts.ts';
import type { App, Authority, Directory, Tenant } from './directory.ts';
import type { FaultBox } from './fault-box.ts';
import type { GrantStore } from './grant-store.ts';
import type { KeyRing } from './key-ring.ts';
import type { RequestLog } from './request-log.ts';

/** Everything one emulator keeps; each handler gets it. */
export interface EntraState {
  directory: Directory;
  readonly keys: KeyRing;
  readonly grants: GrantStore;
  readonly faults: FaultBox;
  readonly log: RequestLog;
  /** `instantLoginHint` and `strictRotation` of the options. */
  readonly instantLoginHint: boolean;
  readonly strictRotation: boolean;
  /** Entra's clock, skew included. */
  nowMs(): number;
}

export function nowSeconds(state: EntraState): number {
  return Math.floor(state.nowMs() / 1000);
}

/** @throws {AadstsError} 90002 */
export function getAuthority(state: EntraState, rawTenant: string): Authority {
  const authority = state.directory.findAuthority(rawTenant);
  if (!authority) throw new AadstsError(90002, { tenant: rawTenant });
  return authority;
}

/**
 * The app, if it may be used at this authority.
 *
 * @throws {AadstsError} 900144, 700038, 700016, 7000112, 50194
 */
export function getApp(state: EntraState, authority: Authority, rawClientId: string | undefined): App {
  if (!rawClientId) throw new AadstsError(900144, { value: 'client_id' });
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(rawClientId)) {
    throw new AadstsError(700038, { app: rawClientId });
  }
  const app = state.directory.findApp(rawClientId);
  const foreign = authority.kind === 'tenant' && app?.tenantId !== authority.tenant.id;
  if (!app || (foreign && app.sign_in_audience === 'AzureADMyOrg')) {
    throw new AadstsError(700016, { app: rawClientId, tenant: describeAuthority(authority) });
  }
  if (app.disabled) throw new AadstsError(7000112, { app: app.client_id, app_name: app.name });
  if (authority.kind === 'alias' && app.sign_in_audience === 'AzureADMyOrg') {
    throw new AadstsError(50194, { app: app.client_id, app_name: app.name });
  }
  return app;
}

export function describeAuthority(authority: Authority): string {
  return authority.kind === 'tenant' ? authority.tenant.name : authority.alias;
}

/** How an authority stands in the URLs of its pages and metadata. */
export function authorityPath(authority: Authority): string {
  return authority.kind === 'tenant' ? authority.tenant.id : authority.alias;
}

export function issuerOf(loginBase: string, tenant: Pick<Tenant, 'id'>): string {
  return `${loginBase}/${tenant.id}/v2.0`;
}
