/**
 * The e-mail address of a person at GitHub. The profile has the public one only, which most people do not have, and does
 * not say that it is verified; both stand at an address of their own, for the scope `user:email`.
 * @see https://docs.github.com/rest/users/emails
 */
import type { EgressResponse } from '#base/lib/egress/egress.ts';
import type { Profile } from './profile.ts';
import { peekUrl } from './resolve-url.ts';
import { hasScope, type OAuth2Settings } from './settings.ts';

/** At github.com and GitHub Enterprise Server; `undefined` for everybody else, and when it was not asked for. */
export const githubEmailsUrl = (profileUrl: string, settings: OAuth2Settings): string | undefined => {
  if (!hasScope(settings, 'user:email') && !hasScope(settings, 'user')) return undefined;
  const url = peekUrl(profileUrl);
  const isGithub =
    url?.hostname === 'api.github.com' ? url.pathname === '/user' : url?.pathname === '/api/v3/user';
  return isGithub ? `${url?.origin}${url?.pathname}/emails` : undefined;
};

const verifiedIn = (answer: EgressResponse): { email: string; primary: unknown }[] => {
  if (answer.status < 200 || answer.status >= 300) return [];
  const list = answer.json();
  if (!Array.isArray(list)) return [];
  return list.filter((each) => typeof each?.email === 'string' && each.verified === true);
};

/** The profile with the address that is verified: the public one if it is, else the primary one where there is none. */
export const withVerifiedEmail = (profile: Profile, answer: EgressResponse): Profile => {
  const verified = verifiedIn(answer);
  const { email } = profile;
  if (typeof email === 'string' && email !== '') {
    const isVerified = verified.some((each) => each.email.toLowerCase() === email.toLowerCase());
    return isVerified ? { ...profile, email_verified: true } : profile;
  }
  const primary = verified.find((each) => each.primary === true);
  return primary === undefined ? profile : { ...profile, email: primary.email, email_verified: true };
};
