import {
  IconActivity,
  IconApps,
  IconCertificate,
  IconKey,
  IconLogin2,
  IconLogout2,
  IconPassword,
  IconPlugConnected,
  IconUser,
  IconWorld,
} from '@tabler/icons-react';

const icons = [
  ['sign_in', IconLogin2],
  ['sign_out', IconLogout2],
  ['session.', IconLogout2],
  ['password.', IconPassword],
  ['identity.', IconPlugConnected],
  ['source.', IconPlugConnected],
  ['domain.', IconWorld],
  ['application.', IconApps],
  ['app.', IconApps],
  ['consent.', IconApps],
  ['user.', IconUser],
  ['admin.', IconUser],
  ['api_key.', IconKey],
  ['keys.', IconCertificate],
  ['token.', IconCertificate],
  ['upstream_token.', IconCertificate],
] as const;

/** Says by a picture what the sentence says in words. */
export const ActionIcon = ({ action }: { action: string }) => {
  const Icon = icons.find(([beginning]) => action.startsWith(beginning))?.[1] ?? IconActivity;
  return <Icon size={18} stroke={1.7} aria-hidden />;
};
