import { AadstsError, isAadstsCode } from './aadsts.ts';
import { type AadstsEntry, aadstsTable } from './aadsts-table.ts';
import type { FaultTarget } from './fault-box.ts';
import type { EntraState } from './state.ts';

/**
 * Throws the armed `AADSTS…` fault that is to show here, if there is one.
 *
 * @throws {AadstsError} whichever is armed
 */
export function throwNumberedFault(
  state: EntraState,
  target: FaultTarget,
  here: 'token' | 'redirect' | 'page',
  tenantName: string,
): void {
  for (const { name } of state.faults.list()) {
    const code = Number(/^AADSTS(\d+)$/.exec(name)?.[1]);
    if (!isAadstsCode(code)) continue;
    const entry: AadstsEntry = aadstsTable[code];
    const hit = state.faults.take(name, target, ({ at }) => (at ?? entry.at ?? 'token') === here);
    if (!hit) continue;
    const app = target.client_id === undefined ? undefined : state.directory.findApp(target.client_id);
    const now = new Date(state.nowMs()).toISOString();
    throw new AadstsError(code, {
      app: target.client_id ?? '',
      app_name: app?.name ?? '',
      tenant: tenantName,
      user: 'person@contoso.example',
      value: now,
      other: now,
    });
  }
}
