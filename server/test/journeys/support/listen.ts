import { freePort } from '@foyer/testkit/process/free-port.ts';
import { type Foyer, type StartOptions, startFoyer } from '../../support/start-foyer.ts';

/** A Foyer that a real browser reaches: every domain is at `http://<host>:<port>`; names under .localhost lead here. */
export const startListening = async (options: StartOptions = {}): Promise<Foyer> => {
  const port = await freePort();
  const publicUrl = new URL(`http://localhost:${port}`);
  const foyer = await startFoyer({ ...options, config: { publicUrl, ...options.config } });
  await foyer.app.listen({ port, host: '127.0.0.1' });
  return foyer;
};
