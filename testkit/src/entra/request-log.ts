export type EndpointLabel =
  | 'authorize'
  | 'sign_in_page'
  | 'token'
  | 'keys'
  | 'me'
  | 'userinfo'
  | 'discovery'
  | 'logout'
  | 'admin_consent'
  | 'photo'
  | 'users'
  | 'groups'
  | 'organization'
  | 'not_found';

export interface LoggedRequest {
  at: Date;
  endpoint: EndpointLabel;
  method: string;
  host: string;
  path: string;
  query: Record<string, string>;
  /** Form fields or JSON members of the body, secrets included: this is a test double. */
  body: Record<string, unknown>;
  headers: Record<string, string | string[] | undefined>;
  status: number | undefined;
}

const keptRequests = 5000;

/** What was asked of the emulator. The newest requests are kept whole, all are counted. */
export class RequestLog {
  #kept: LoggedRequest[] = [];
  #counts = new Map<EndpointLabel, number>();

  add(request: LoggedRequest): void {
    this.#kept.push(request);
    if (this.#kept.length > 2 * keptRequests) this.#kept = this.#kept.slice(-keptRequests);
    this.#counts.set(request.endpoint, this.count(request.endpoint) + 1);
  }

  count(endpoint: EndpointLabel): number {
    return this.#counts.get(endpoint) ?? 0;
  }

  get counts(): Partial<Record<EndpointLabel, number>> {
    return Object.fromEntries(this.#counts);
  }

  all(endpoint?: EndpointLabel): LoggedRequest[] {
    return this.#kept.filter((request) => endpoint === undefined || request.endpoint === endpoint);
  }

  last(endpoint: EndpointLabel): LoggedRequest | undefined {
    return this.#kept.findLast((request) => request.endpoint === endpoint);
  }

  clear(): void {
    this.#kept = [];
    this.#counts.clear();
  }
}
