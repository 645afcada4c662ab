/** A process that takes the lock of the folder it is told, says so, and waits to be killed. */

import { lockFolder } from '#base/db/folder-lock.ts';
import { systemClock } from '#base/lib/clock.ts';

lockFolder(process.argv[2] as string, systemClock);
console.log('held');
setInterval(() => {}, 1_000);
