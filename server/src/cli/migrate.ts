import { loadConfig } from '#base/config/config.ts';
import { readEnv } from '#base/config/env.ts';
import { openServices } from '../services.ts';

export const migrateOnly = async (): Promise<void> => {
  const services = await openServices(loadConfig({ ...readEnv(), LOG_LEVEL: readEnv().LOG_LEVEL ?? 'warn' }));
  await services.close();
  console.log('The schema is up to date.');
};
