import { createHash, randomBytes, randomUUID, X509Certificate } from 'node:crypto';

/** The tenant that holds every personal Microsoft account. */
export const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';
export const defaultTenantId = '6babcaad-604b-40ac-a9d7-9fd97c0b779f';

export type Audience =
  | 'AzureADMyOrg'
  | 'AzureADMultipleOrgs'
  | 'AzureADandPersonalMicrosoftAccount'
  | 'PersonalMicrosoftAccount';

export interface TenantSeed {
  id?: string;
  name?: string;
  /** Verified domains; the first is the default one. */
  domains?: readonly string[];
  apps?: readonly AppSeed[];
  people?: readonly PersonSeed[];
}

export interface AppSeed {
  client_id?: string;
  client_secret?: string;
  /** The id of the secret, which people copy by mistake. */
  secret_id?: string;
  secret_expires_at?: string;
  /** Further secrets, as an app has while it is given a new one. */
  more_secrets?: readonly { value: string; expires_at?: string }[];
  /** Id or domain of the tenant that owns the registration. */
  tenant?: string;
  name?: string;
  redirect_uris: readonly string[];
  sign_in_audience?: Audience;
  /** Certificates in PEM for client assertions. */
  certificates?: readonly string[];
  public_client?: boolean;
  disabled?: boolean;
  /** False: each person sees the consent page once. */
  pre_consented?: boolean;
  assignment_required?: boolean;
  /** ID tokens straight from the authorize endpoint. */
  implicit_id_token?: boolean;
  /** Claims put into every ID token whatever the scope: `oid`, `email`, `upn`, `xms_edov`, `groups`, … */
  optional_claims?: readonly string[];
  /** Application permissions on Graph, for client credentials. */
  app_roles?: readonly string[];
  /** Scopes that this app offers as an API, as `api://{client_id}/{scope}`. */
  api_scopes?: readonly string[];
  logout_url?: string;
}

export interface PersonSeed {
  email: string;
  oid?: string;
  tenant?: string;
  /** Defaults to `email`; null for an account without mailbox. */
  mail?: string | null;
  user_principal_name?: string;
  display_name?: string;
  given_name?: string | null;
  surname?: string | null;
  job_title?: string | null;
  office_location?: string | null;
  mobile_phone?: string | null;
  business_phones?: readonly string[];
  preferred_language?: string | null;
  /** A guest of `tenant` whose home is elsewhere: the user principal name gets the `#EXT#` form. */
  guest?: boolean;
  /** A personal Microsoft account. */
  personal?: boolean;
  disabled?: boolean;
  /** What the optional claim `xms_edov` says; without it the claim is absent. */
  xms_edov?: boolean;
  groups?: readonly { id?: string; display_name: string }[];
  /** App roles, the `roles` claim. */
  roles?: readonly string[];
  /** Client ids this person is assigned to, for apps with `assignment_required`. */
  assigned_to?: readonly string[];
}

export interface Tenant {
  id: string;
  name: string;
  domains: readonly string[];
}

export type App = Required<Omit<AppSeed, 'tenant' | 'secret_expires_at' | 'logout_url'>> & {
  tenantId: string;
  secret_expires_at: string | undefined;
  logout_url: string | undefined;
};

export interface Group {
  id: string;
  display_name: string;
}

export type Person = Required<Omit<PersonSeed, 'tenant' | 'xms_edov' | 'groups'>> & {
  tenantId: string;
  xms_edov: boolean | undefined;
  groups: readonly Group[];
  /** Goes up when sessions are revoked; whatever was issued under a lower number is void. */
  tokenEpoch: number;
};

/** Tenant as it may stand in a path: one tenant, or one of Entra's three aliases. */
export type Authority = { kind: 'tenant'; tenant: Tenant } | { kind: 'alias'; alias: Alias };
export type Alias = 'common' | 'organizations' | 'consumers';

/** Tenants, app registrations and people. */
export class Directory {
  #tenants = new Map<string, Tenant>();
  #apps = new Map<string, App>();
  #people: Person[] = [];

  constructor(seeds: readonly TenantSeed[]) {
    this.addTenant({
      id: consumersTenantId,
      name: 'Microsoft Accounts',
      domains: ['outlook.com', 'live.com'],
    });
    for (const seed of seeds) this.addTenant(seed);
  }

  addTenant(seed: TenantSeed): Tenant {
    const id = seed.id?.toLowerCase() ?? randomUUID();
    const name = seed.name ?? 'Contoso';
    const domains = seed.domains ?? [`${name.toLowerCase().replace(/[^a-z0-9]/g, '')}.example`];
    const tenant: Tenant = { id, name, domains: domains.map((domain) => domain.toLowerCase()) };
    this.#tenants.set(id, tenant);
    for (const app of seed.apps ?? []) this.addApp({ ...app, tenant: id });
    for (const person of seed.people ?? []) this.addPerson({ ...person, tenant: id });
    return tenant;
  }

  addApp(seed: AppSeed): App {
    const app: App = {
      client_id: seed.client_id ?? randomUUID(),
      client_secret: seed.client_secret ?? `8Q~${randomBytes(28).toString('base64url')}`,
      secret_id: seed.secret_id ?? randomUUID(),
      secret_expires_at: seed.secret_expires_at,
      more_secrets: seed.more_secrets ?? [],
      tenantId: this.getTenant(seed.tenant).id,
      name: seed.name ?? 'Foyer',
      redirect_uris: seed.redirect_uris,
      sign_in_audience: seed.sign_in_audience ?? 'AzureADMyOrg',
      certificates: seed.certificates ?? [],
      public_client: seed.public_client ?? false,
      disabled: seed.disabled ?? false,
      pre_consented: seed.pre_consented ?? true,
      assignment_required: seed.assignment_required ?? false,
      implicit_id_token: seed.implicit_id_token ?? false,
      optional_claims: seed.optional_claims ?? [],
      app_roles: seed.app_roles ?? [],
      api_scopes: seed.api_scopes ?? [],
      logout_url: seed.logout_url,
    };
    for (const pem of app.certificates) new X509Certificate(pem); // a typo in a test fails here, not at sign-in
    this.#apps.set(app.client_id.toLowerCase(), app);
    return app;
  }

  addPerson(seed: PersonSeed): Person {
    const tenant = this.getTenant(seed.personal ? consumersTenantId : seed.tenant);
    const email = seed.email;
    const [local = email] = email.split('@');
    const displayName = seed.display_name ?? titleCase(local);
    const [given = displayName, ...family] = displayName.split(' ');
    const guestName = `${email.replace('@', '_')}#EXT#@${tenant.domains[0] ?? tenant.id}`;
    const person: Person = {
      email,
      oid: seed.oid ?? stableGuid(`${tenant.id}|${email}`, seed.personal === true),
      tenantId: tenant.id,
      mail: seed.mail === undefined ? email : seed.mail,
      user_principal_name: seed.user_principal_name ?? (seed.guest ? guestName : email),
      display_name: displayName,
      given_name: seed.given_name === undefined ? given : seed.given_name,
      surname: seed.surname === undefined ? family.join(' ') || null : seed.surname,
      job_title: seed.job_title ?? null,
      office_location: seed.office_location ?? null,
      mobile_phone: seed.mobile_phone ?? null,
      business_phones: seed.business_phones ?? [],
      preferred_language: seed.preferred_language ?? null,
      guest: seed.guest ?? false,
      personal: seed.personal ?? false,
      disabled: seed.disabled ?? false,
      xms_edov: seed.xms_edov,
      groups: (seed.groups ?? []).map((group) => ({
        id: group.id ?? stableGuid(`${tenant.id}|${group.display_name}`, false),
        display_name: group.display_name,
      })),
      roles: seed.roles ?? [],
      assigned_to: seed.assigned_to ?? [],
      tokenEpoch: 0,
    };
    this.#people.push(person);
    return person;
  }

  /** By id or verified domain; the first seeded tenant when none is named. */
  getTenant(idOrDomain?: string): Tenant {
    const tenants = [...this.#tenants.values()];
    const tenant = idOrDomain === undefined ? tenants[1] : this.findTenant(idOrDomain);
    if (!tenant) throw new Error(`no tenant '${idOrDomain ?? ''}' is seeded`);
    return tenant;
  }

  findTenant(rawName: string): Tenant | undefined {
    const name = rawName.toLowerCase();
    return (
      this.#tenants.get(name) ?? [...this.#tenants.values()].find(({ domains }) => domains.includes(name))
    );
  }

  findAuthority(rawName: string): Authority | undefined {
    const name = rawName.toLowerCase();
    if (name === 'common' || name === 'organizations' || name === 'consumers')
      return { kind: 'alias', alias: name };
    const tenant = this.findTenant(name);
    return tenant && { kind: 'tenant', tenant };
  }

  findApp(rawClientId: string): App | undefined {
    return this.#apps.get(rawClientId.toLowerCase());
  }

  isRegisteredRedirect(rawUri: string): boolean {
    return [...this.#apps.values()].some(
      (app) => app.redirect_uris.includes(rawUri) || app.logout_url === rawUri,
    );
  }

  findPerson(oid: string): Person | undefined {
    return this.#people.find((person) => person.oid === oid);
  }

  /** By oid, user principal name or e-mail, the way a person types it at sign-in. */
  findPeopleNamed(rawName: string): Person[] {
    const name = rawName.trim().toLowerCase();
    return this.#people.filter((person) =>
      [person.oid, person.user_principal_name, person.email, person.mail].some(
        (value) => value?.toLowerCase() === name,
      ),
    );
  }

  listPeople(tenantId?: string): Person[] {
    return this.#people.filter((person) => tenantId === undefined || person.tenantId === tenantId);
  }
}

/** Whose accounts an authority lets in. A guest has his home account elsewhere, so no alias finds him. */
export function isAllowedAt(authority: Authority, person: Person): boolean {
  if (authority.kind === 'tenant') return person.tenantId === authority.tenant.id;
  if (authority.alias === 'consumers') return person.personal;
  return !person.guest && (authority.alias === 'common' || !person.personal);
}

/** Whose accounts an app registration lets in (its `signInAudience`). */
export function isInAudience(app: App, person: Person): boolean {
  switch (app.sign_in_audience) {
    case 'AzureADMyOrg':
      return person.tenantId === app.tenantId;
    case 'AzureADMultipleOrgs':
      return !person.personal;
    case 'PersonalMicrosoftAccount':
      return person.personal;
    case 'AzureADandPersonalMicrosoftAccount':
      return true;
  }
}

/** The same person has the same oid after a restart; that of a personal account begins with zeros. */
export function stableGuid(text: string, personal: boolean): string {
  const hex = createHash('sha256').update(text.toLowerCase()).digest('hex');
  if (personal) return `00000000-0000-0000-${hex.slice(0, 4)}-${hex.slice(4, 16)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function titleCase(local: string): string {
  return local
    .split(/[._-]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
