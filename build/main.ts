/** @module `npm run build`: the console and the server, each only when what it is made from has changed. */
import { buildConsole } from './console.ts';
import { buildServer } from './server.ts';

await buildConsole();
await buildServer();
