// A small app on the unmodified client, set up as Backoffice sets it up; the journey calls what is under `app`.
import * as place from '@placeos/ts-client';

const base = `${location.origin}/backoffice/`;
const values = (observable) => observable.toPromise();

const steps = {
  token: () => ({ access: place.token(), refresh: place.refreshToken() }),
  currentUser: () => values(place.currentUser()),
  domains: async () => {
    const { data, total } = await values(place.queryDomains());
    return { total, data: data.map(({ id, name, domain }) => ({ id, name, domain })) };
  },
  sources: async (authority_id) => {
    const { data, total } = await values(place.queryOAuthSources({ authority_id }));
    return { total, data: data.map((source) => ({ ...source })) };
  },
  addSource: async (source) => ({ ...(await values(place.addOAuthSource(source))) }),
  editSource: async (id, fields) => {
    const source = await values(place.showOAuthSource(id));
    // As the form of Backoffice does: the whole object, with the secret's field left blank.
    return { ...(await values(place.updateOAuthSource(id, { ...source, ...fields, client_secret: '' }))) };
  },
  removeSource: (id) => values(place.removeOAuthSource(id)),
  // What the client does by itself when its token's time is over.
  refresh: async () => {
    place.invalidateToken();
    await place.authorise();
    return steps.token();
  },
  signOut: () => place.logout(),
};
window.app = steps;

await place.setup({
  auth_uri: `${location.origin}/auth/oauth/authorize`,
  token_uri: `${location.origin}/auth/oauth/token`,
  redirect_uri: `${base}oauth-resp.html`,
  scope: 'public',
  auth_type: 'auth_code',
  use_iframe: true,
  ignore_api_key: true,
  token_header: true,
  host: location.host,
});
const { name } = await steps.currentUser();
document.querySelector('[role=status]').textContent = `Signed in as ${name}`;
