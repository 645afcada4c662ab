/**
 * @module What a source's settings say about accounts: who gets one, and when an existing one is taken for the same
 * person. These settings are the same for every protocol.
 */
import { canonicalEmail } from '#model/users/user.ts';
import type { Source } from './source.ts';

export interface SignInPolicy {
  /** `provisioning`, default true: unknown people get an account (S-37). */
  provisioning: boolean;
  /** `linking`, default true: false keeps the source from ever being joined to an existing account (S-37). */
  linking: boolean;
  /** `trusted_email_domains`: e-mail domains for which the source's `email_verified` is believed (S-29). */
  trustedEmailDomains: readonly string[];
  /**
   * `link_by_email`, default false: legacy switch for migrations. An active account with the same address is taken
   * over, verified or not, as PlaceOS did.
   */
  linkByEmail: boolean;
}

export const signInPolicyOf = ({ settings }: Pick<Source, 'settings'>): SignInPolicy => ({
  provisioning: settings.provisioning !== false,
  linking: settings.linking !== false,
  trustedEmailDomains: Array.isArray(settings.trusted_email_domains)
    ? settings.trusted_email_domains.filter((each): each is string => typeof each === 'string')
    : [],
  linkByEmail: settings.link_by_email === true,
});

/** Whether the source speaks with authority about this (canonical) address. */
export const isTrustedFor = (policy: SignInPolicy, canonicalEmail: string | undefined): boolean => {
  const domain = canonicalEmail?.slice(canonicalEmail.lastIndexOf('@') + 1);
  return domain !== undefined && policy.trustedEmailDomains.some((each) => each.toLowerCase() === domain);
};

export interface AccountRules {
  /** The source vouches for the address, and is trusted to. */
  emailVerified: boolean;
  mayProvision: boolean;
  mayLink: 'never' | 'verified' | 'always';
}

/** E-mail alone never joins two accounts (S-29); the legacy switch is for migrations. */
export const accountRules = (
  policy: SignInPolicy,
  person: { email: string | undefined; emailVerified: boolean },
): AccountRules => {
  const trusted = person.emailVerified && isTrustedFor(policy, person.email && canonicalEmail(person.email));
  const mayLink = !policy.linking ? 'never' : policy.linkByEmail ? 'always' : trusted ? 'verified' : 'never';
  return { emailVerified: trusted, mayProvision: policy.provisioning, mayLink };
};
