/**
 * @module What `login_url` and `logout_url` may be (S-15): a path of the domain, or an absolute URL on its own host.
 * `{{url}}` may stand in the query, where the place to come back to is put in percent-encoded.
 */
const treacherous = /[\u0000-\u0020\u007f-\u009f\\\u2028\u2029]/;
const placeholder = '{{url}}';

/** Why a template is refused; `undefined` when it is fine. */
export const templateFlaw = (raw: string, host: string): string | undefined => {
  const probe = raw.replaceAll(placeholder, 'x');
  if (raw.length > 2048 || treacherous.test(raw) || /\{\{|\}\}/.test(probe)) return 'is not a valid URL';
  const queryStart = raw.indexOf('?');
  const firstPlaceholder = raw.indexOf(placeholder);
  if (firstPlaceholder !== -1 && (queryStart === -1 || firstPlaceholder < queryStart)) {
    return '{{url}} may only stand in the query';
  }
  if (raw.startsWith('/')) {
    const url = URL.parse(probe, 'https://host.invalid');
    const stays = !raw.startsWith('//') && url?.host === 'host.invalid' && !url.pathname.startsWith('//');
    return stays ? undefined : 'must be a path of this domain';
  }
  const url = /^https?:\/\/[^/]/i.test(raw) ? URL.parse(probe) : null;
  if (url?.username !== '' || url.password !== '') return 'must be a path or an absolute URL';
  return url.hostname === host ? undefined : 'must be on the host of this domain';
};
