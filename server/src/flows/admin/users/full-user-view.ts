/** Which view of a user a caller gets. */
import type { Caller } from '#model/access/caller.ts';
import { hasRole } from '#model/access/guards.ts';
import type { Metadata } from '#model/metadata/metadata.ts';
import type { User } from '#model/users/user.ts';
import { metadataByName } from '../metadata/metadata-view.ts';
import { adminUser, publicUser } from '../user-view.ts';

/** The view for administrators; the rank above theirs is told only to those who have it (S-45). */
export const fullUser = (caller: Caller, user: User) => ({
  ...adminUser(user),
  disabled: user.disabledAt !== undefined,
  break_glass: user.breakGlass,
  password_set: user.hasPassword,
  ...(caller.platformAdmin && { platform_admin: user.platformAdmin }),
});

export const userViewFor = (caller: Caller, user: User) =>
  hasRole(caller, 'admin') ? fullUser(caller, user) : publicUser(user);

/** Adds each user's metadata to their view. */
export const withMetadata = <View extends { id: string }>(view: View, documents: readonly Metadata[]) => ({
  ...view,
  associated_metadata: metadataByName(documents.filter(({ parentId }) => parentId === view.id)),
});
