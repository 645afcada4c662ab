import type { PlatformStatus } from '@foyer/contract/platform.ts';

export type Problem =
  | 'notReady'
  | 'noActiveKey'
  | 'notDurable'
  | 'twoSealing'
  | 'oneAdministrator'
  | 'noMail';

/** What is not well on a server, the worst first. */
export const findProblems = (status: PlatformStatus): Problem[] => {
  const found: [Problem, boolean][] = [
    ['notReady', !status.ready],
    ['noActiveKey', !status.signing_keys.some((key) => key.state === 'active')],
    ['notDurable', !status.durable],
    ['twoSealing', status.key_encryption_keys.some((key) => !key.sealing && key.data_keys > 0)],
    ['oneAdministrator', status.administrators.length < 2],
    ['noMail', !status.mail],
  ];
  return found.filter(([, is]) => is).map(([problem]) => problem);
};

/** Problems that people notice now; the others are risks. */
export const isSevere = (problem: Problem): boolean => problem === 'notReady' || problem === 'noActiveKey';
