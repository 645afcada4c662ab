/**
 * @module The shapes that the runner, the load driver and the reporter hand to one another.
 */

/** Operations that are measured for each server, in this order. */
export const MODES = [
  'signin-new',
  'signin-returning',
  'session',
  'code',
  'refresh',
  'introspect',
  'session-busy',
] as const;
export type Mode = (typeof MODES)[number];

/** Questions about Foyer alone: does the cost of a sign-in grow with domains or with people? */
export const GROWTH_MODES = ['domains', 'users'] as const;
export type GrowthMode = (typeof GROWTH_MODES)[number];

/** Values that `{{name}}` in a step stands for. */
export type Values = Record<string, string>;

/** One request of a scenario. `save` keeps values of the JSON answer by their dotted paths. */
export interface Step {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
  json?: unknown;
  expectStatus?: number;
  save?: Record<string, string>;
  mustBe?: Record<string, unknown>;
}

/** How the driver speaks to one server. */
export interface Adapter {
  signIn: {
    begin: Step;
    /** Dotted path of the redirect when the first answer is JSON and not a redirect. */
    follow?: string;
    /** The redirect that ends a sign-in: a path at the server, or an absolute URL of an app behind it. */
    success: string;
  };
  /** Who is signed in; `email` is a dotted path in the JSON answer. */
  whoami?: Step & { email: string };
  /** A sign-in with a password by one of the people `p0` to `p3`, whom `prepare` has made. */
  passwordSignIn?: Step;
  code?: { authorize: Step; token: Step };
  refresh?: Step;
  introspect?: Step;
}

/** One of several domains of the same server, with the values that its steps need. */
export interface Site {
  host: string;
  values: Values;
}

/** What the driver process reads from standard input. */
export interface LoadSpec {
  name: string;
  mode: Mode;
  base: string;
  stub: string;
  adapter: Adapter;
  values: Values;
  /** Spread the work evenly over these domains; none means `base` alone. */
  sites: Site[];
  users: number;
  /** Size of the circle of returning people. */
  returning: number;
  /** Stop after this many seconds, or after this many operations. */
  seconds?: number;
  operations?: number;
  warmSeconds: number;
  /** Before measuring, sign in once at every site. */
  visitEachSite: boolean;
  /** Ask now and then, outside the timing, whether the right person is signed in. */
  verify: boolean;
  runId: string;
  processes: { server?: number; postgres?: number; stub?: number };
}

/** What the driver writes to standard output. CPU is in milliseconds per operation. */
export interface Load {
  operations: number;
  errors: number;
  firstError?: string;
  verified: number;
  seconds: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  cpu: { server: number | null; postgres: number | null; stub: number | null; driver: number };
  /** Cores that something outside this measurement kept busy meanwhile. */
  othersCores: number;
  memory: { rssMiB: number; peakMiB: number } | null;
  /** Password sign-ins that ran beside the operation (`session-busy` only). */
  passwordSignIns?: number;
}

export interface Run extends Partial<Load> {
  target: string;
  store: 'postgres' | 'pglite';
  mode: Mode;
  repetition: number;
  failed?: string;
}

export interface StartUp {
  target: string;
  repetition: number;
  /** `empty`: the very first start on this store. */
  on: 'empty' | 'existing';
  milliseconds: number;
}

/** One line of a growth question: `count` domains or user rows. */
export interface Growth extends Partial<Load> {
  question: GrowthMode;
  count: number;
  mode: Mode;
  repetition: number;
  failed?: string;
  /** Memory of one domain's provider, KiB, from the growth of resident memory when each was used once. */
  providerKiB?: number;
}

export interface Results {
  meta: {
    date: string;
    node: string;
    postgres: string;
    cpu: string;
    cores: number;
    repetitions: number;
    seconds: number;
    users: number;
    smoke: boolean;
    versions: Record<string, string>;
    leftOut: string[];
  };
  runs: Run[];
  startUps: StartUp[];
  /** Statements that reached PostgreSQL, per operation. */
  statements: { target: string; mode: Mode; perOperation: number }[];
  growth: Growth[];
}
