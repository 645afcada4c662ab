/**
 * Runs an operation on the store: inside the running server when it holds the embedded store, else here.
 */
import { loadConfig } from '#base/config/config.ts';
import { readEnv } from '#base/config/env.ts';
import { openServices } from '../services.ts';
import { askRunningServer } from './control-socket.ts';
import { type OperationName, operations } from './operations.ts';

type Values = Record<string, string | boolean | undefined>;

export const operate = async (name: OperationName, values: Values): Promise<void> => {
  const env = readEnv();
  const config = loadConfig({ ...env, LOG_LEVEL: env.LOG_LEVEL ?? 'error' });
  const { json, ...options } = values;
  if (name === 'admin.create') options.password ??= env.FOYER_ADMIN_PASSWORD;
  const result = config.databaseUrl
    ? await here(config, name, options)
    : ((await askRunningServer(config, name, options)) ?? (await here(config, name, options)));
  console.log(json ? JSON.stringify(result.data) : result.words);
  if (result.failed) process.exitCode = 1;
};

const here = async (config: ReturnType<typeof loadConfig>, name: OperationName, options: Values) => {
  const services = await openServices(config);
  try {
    return await operations[name](services, options);
  } finally {
    await services.close();
  }
};
