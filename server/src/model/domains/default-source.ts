/**
 * The source that a domain sends people straight to. It is written in the domain's `login_url`, where PlaceOS keeps it, so
 * it is read from there as well.
 */
import type { SourceId } from '#base/lib/ids.ts';
import { providerOf, type SourceKind } from '#model/sources/source.ts';

/** The sign-in page, which offers every source. */
export const signInPageUrl = '/login?continue={{url}}';

/** What `login_url` is when this source is the default. */
export const loginUrlOf = (source: { kind: SourceKind; id: string }): string =>
  `/auth/login?provider=${providerOf[source.kind]}&id=${encodeURIComponent(source.id)}&continue={{url}}`;

/** The source that a `login_url` names, whether or not there is such a source; `undefined` when people get a choice. */
export const defaultSourceIdOf = (loginUrl: string): SourceId | undefined => {
  const url = URL.parse(loginUrl.replaceAll('{{url}}', ''), 'https://host.invalid');
  if (!url || !/^\/auth\/login\/?$/.test(url.pathname)) return undefined;
  const { provider, id } = Object.fromEntries(url.searchParams);
  return provider && id ? (id as SourceId) : undefined;
};
