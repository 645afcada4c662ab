import { makePgliteSnapshot, makePostgresTemplate, snapshotVersion } from './snapshot.ts';

/** Runs once before all test files: makes the stores that each of them starts from. */
export const setup = async (): Promise<void> => {
  process.env.FOYER_TEST_SNAPSHOT = snapshotVersion();
  await makePgliteSnapshot();
  const server = process.env.TEST_DATABASE_URL;
  if (server) await makePostgresTemplate(server);
};
