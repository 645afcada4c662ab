import { loadConfig } from '#base/config/config.ts';
import { readEnv } from '#base/config/env.ts';
import { createSetupToken } from '#model/set-up/setup-tokens.ts';
import { countPlatformAdmins } from '#model/users/user-store.ts';
import { runUntilSignal, startServer } from '../main.ts';
import { serveOperations } from './control-socket.ts';

export const start = async (): Promise<void> => {
  const config = loadConfig(readEnv());
  const running = await startServer(config);
  const control = await serveOperations(running.services);
  runUntilSignal(
    {
      ...running,
      async stop() {
        control?.close();
        await running.stop();
      },
    },
    config,
  );
  if ((await countPlatformAdmins(running.services.db)) === 0) {
    const token = await createSetupToken(running.services.db);
    console.log(
      `\nWelcome to Foyer. Nobody can sign in yet; open this link within an hour to make the first administrator:\n\n` +
        `  ${new URL(`/setup?token=${token}`, config.publicUrl).href}\n`,
    );
  }
};
