import { type FaultName, type FaultOptions, isFaultName } from './faults.ts';

/** What a request is, for faults that hit only some. */
export interface FaultTarget {
  client_id?: string | undefined;
  grant_type?: string | undefined;
}

interface ArmedFault {
  name: FaultName;
  options: FaultOptions;
  left: number;
}

/** The faults that are switched on. Taking one uses up one of its `times`. */
export class FaultBox {
  #armed: ArmedFault[] = [];

  arm(name: FaultName, options: FaultOptions = {}): void {
    if (!isFaultName(name)) throw new Error(`unknown fault '${name}': see faults.ts`);
    this.#armed.push({ name, options, left: options.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): { name: FaultName; options: FaultOptions }[] {
    return this.#armed.map(({ name, options }) => ({ name, options }));
  }

  /** The options of an armed fault that fits, or undefined; `fits` may look closer at them. */
  take(
    name: FaultName,
    target: FaultTarget = {},
    fits: (options: FaultOptions) => boolean = () => true,
  ): FaultOptions | undefined {
    const found = this.#armed.find(
      (fault) =>
        fault.name === name &&
        (fault.options.client_id ?? target.client_id) === target.client_id &&
        (fault.options.grant_type ?? target.grant_type) === target.grant_type &&
        fits(fault.options),
    );
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#armed = this.#armed.filter((fault) => fault !== found);
    return found.options;
  }
}
