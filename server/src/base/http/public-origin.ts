/** Public URLs of a domain: scheme and port come from PUBLIC_URL, the host from the domain. Never a guess. */
export interface PublicOrigin {
  readonly secure: boolean;
  /** `https://host[:port]`, no slash at the end. */
  of(host: string): string;
  /** Path of Foyer's own console, with a slash at the end. */
  readonly consolePath: string;
}

export const createPublicOrigin = (publicUrl: URL, consolePath = '/backoffice/'): PublicOrigin => {
  const port = publicUrl.port ? `:${publicUrl.port}` : '';
  return {
    secure: publicUrl.protocol === 'https:',
    of: (host) => `${publicUrl.protocol}//${host}${port}`,
    consolePath,
  };
};
