import { unixSeconds } from '#base/lib/clock.ts';
import type { Application } from '#model/applications/application.ts';

/** The secret is shown once, when it is made (S-69); legacy switches concern administrators only. */
export const applicationView = (application: Application, viewer: { sysAdmin: boolean }) => ({
  id: application.id,
  uid: application.uid,
  name: application.name,
  owner_id: application.domainId,
  redirect_uri: application.redirectUri,
  scopes: application.scopes,
  confidential: application.confidential,
  skip_authorization: application.skipAuthorization,
  subsystems: application.subsystems,
  secret_set: true,
  ...(viewer.sysAdmin && {
    legacy: {
      implicit: application.legacy.implicit ?? false,
      password: application.legacy.password ?? false,
      no_pkce: application.legacy.noPkce ?? false,
      query_secrets: application.legacy.querySecrets ?? false,
    },
  }),
  created_at: unixSeconds(application.createdAt),
  updated_at: unixSeconds(application.updatedAt),
});
