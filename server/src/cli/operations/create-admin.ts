import { randomToken } from '#base/lib/ids.ts';
import { createApiKey } from '#model/api-keys/api-key-store.ts';
import { writeAudit } from '#model/audit/audit.ts';
import { isEmail } from '#model/users/user.ts';
import { createUser, findUserByEmail, updateUser } from '#model/users/user-store.ts';
import type { Services } from '../../services.ts';
import { UsageError } from '../usage.ts';
import { domainOf } from './domain-of.ts';
import type { OperationOptions, OperationResult } from './operation.ts';

/** Makes a platform administrator, or gives an existing person that rank and a new password: the way back in. */
export const createAdmin = async (
  services: Services,
  options: OperationOptions,
): Promise<OperationResult> => {
  const email = options.email;
  if (typeof email !== 'string' || !isEmail(email))
    throw new UsageError('--email is missing or no e-mail address.');
  const domain = await domainOf(services, options.domain);
  const given =
    typeof options.password === 'string' && options.password !== '' ? options.password : undefined;
  const password = given ?? randomToken(12);
  const digest = await services.passwords.digest(password);
  const { user, apiKey } = await services.db.transaction(async (tx) => {
    const existing = await findUserByEmail(tx, domain.id, email);
    const rank = {
      platformAdmin: true,
      sysAdmin: true,
      passwordDigest: digest,
      disabledAt: null,
      deletedAt: null,
    };
    const user = existing
      ? await updateUser(tx, domain.id, existing.id, rank)
      : await createUser(tx, domain.id, { email, emailVerified: true, ...rank });
    await writeAudit(
      tx,
      domain.id,
      { kind: 'operator' },
      { action: 'admin.create', target: user.id, fields: ['platform_admin', 'password'] },
    );
    const apiKey = options['api-key']
      ? await createApiKey(tx, domain.id, {
          userId: user.id,
          name: `operator ${randomToken(4).toLowerCase()}`,
          description: 'made on the command line',
          scopes: ['public'],
          permissions: 'admin',
        })
      : undefined;
    return { user, apiKey };
  });
  return {
    words: [
      `${email} is a platform administrator of ${services.origin.of(domain.host)}`,
      ...(given ? [] : [`password: ${password}`]),
      ...(apiKey ? [`API key: ${apiKey.secret}`] : []),
    ].join('\n'),
    data: {
      user_id: user.id,
      email,
      domain: domain.host,
      url: services.origin.of(domain.host),
      ...(given ? {} : { password }),
      ...(apiKey ? { api_key: apiKey.secret } : {}),
    },
  };
};
