import { unixSeconds } from '#base/lib/clock.ts';
import type { ApiKey } from '#model/api-keys/api-key.ts';
import type { Domain } from '#model/domains/domain.ts';
import type { User } from '#model/users/user.ts';
import { publicDomain } from '../domains/domain-view.ts';
import { publicUser } from '../user-view.ts';

export const apiKeyView = (key: ApiKey, user: User | undefined, domain: Domain | undefined) => ({
  id: key.id,
  name: key.name,
  description: key.description,
  scopes: key.scopes,
  permissions: key.permissions,
  user_id: key.userId,
  authority_id: key.domainId,
  ...(user && { user: publicUser(user) }),
  ...(domain && { authority: publicDomain(domain) }),
  ...(key.expiresAt && { expires_at: unixSeconds(key.expiresAt) }),
  created_at: unixSeconds(key.createdAt),
  updated_at: unixSeconds(key.updatedAt),
});
