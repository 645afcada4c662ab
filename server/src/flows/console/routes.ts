/**
 * @module The console at BACKOFFICE_PATH, and the one that BACKOFFICE_FOLDER names, if any, at `/backoffice/`. Each is an
 * app like any other: it signs in through the domain's own provider, and holds no right of its own. Every path that is no
 * file is the console's page, which finds its way by the address.
 */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import '@fastify/static';
import { html } from '#base/http/html.ts';
import { sendPage } from '#base/http/page.ts';
import { FoyerError } from '#base/lib/errors.ts';
import { randomToken } from '#base/lib/ids.ts';
import { version } from '#base/lib/version.ts';
import { type EnsureDeps, ensureApplication } from './ensure-application.ts';
import { setLoosePolicy, setOwnPolicy } from './policies.ts';

export interface ConsoleDeps extends EnsureDeps {
  config: { consoleFolder: string; backofficeFolder: string | undefined };
}

const config = { errors: 'browser' } as const;
const noncePlaceholder = '__STYLE_NONCE__';
const pathPlaceholder = '__CONSOLE_PATH__';

/** One console: where it is, whose files it has. */
interface Mount {
  /** With a slash at both ends. */
  path: string;
  folder: string;
  isOwn: boolean;
}

export const consoleRoutes = async (app: FastifyInstance, deps: ConsoleDeps): Promise<void> => {
  const { consoleFolder, backofficeFolder } = deps.config;
  const { consolePath } = deps.origin;
  const mounts: Mount[] = [{ path: consolePath, folder: consoleFolder, isOwn: true }];
  if (backofficeFolder !== undefined) {
    mounts.push({ path: '/backoffice/', folder: backofficeFolder, isOwn: false });
  }
  app.get(`${consolePath}settings.json`, { config: { errors: 'api' } }, async (request, reply) => {
    const { clientId, redirectUri } = await ensureApplication(deps, request.domain, consolePath);
    return reply
      .header('cache-control', 'no-store')
      .send({ client_id: clientId, redirect_uri: redirectUri, version });
  });
  if (mounts.some(isBuilt)) {
    const { default: fastifyStatic } = await import('@fastify/static');
    await app.register(fastifyStatic, { serve: false, preCompressed: true });
  }
  for (const mount of mounts) mountConsole(app, deps, mount);
};

const isBuilt = ({ folder }: Mount): boolean => existsSync(join(folder, 'index.html'));

const mountConsole = (app: FastifyInstance, deps: ConsoleDeps, mount: Mount): void => {
  const { path: mountPath, folder, isOwn } = mount;
  const isThere = isBuilt(mount);

  const sendIndex = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (!isThere) return sendMissing(reply, mount);
    await ensureApplication(deps, request.domain, mountPath);
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
    if (!isOwn) return setLoosePolicy(reply).send(page);
    const nonce = randomToken(16);
    // The page is answered at every depth, so the addresses of its own files must not depend on where it is.
    return setOwnPolicy(reply, nonce).send(
      page
        .replaceAll(noncePlaceholder, nonce)
        .replaceAll(pathPlaceholder, mountPath)
        .replaceAll('="./', `="${mountPath}`),
    );
  };

  // The router takes both spellings for one; relative addresses in the page need the slash.
  app.get(mountPath.slice(0, -1), { config }, async (request, reply) => {
    const [path, query] = request.url.split('?', 2);
    if (path === mountPath) return sendIndex(request, reply);
    return reply
      .header('cache-control', 'no-store')
      .redirect(query === undefined ? mountPath : `${mountPath}?${query}`, 302);
  });
  app.get(`${mountPath}*`, { config }, async (request, reply) => {
    const path = (request.params as { '*': string })['*'];
    if (!isThere || !(await isFile(folder, path))) {
      // An old page asks for a file that a new version no longer has: no page can stand in for it.
      if (path.startsWith('assets/')) throw new FoyerError('not_found');
      return sendIndex(request, reply);
    }
    if (path === 'index.html') return sendIndex(request, reply);
    if (!isOwn && extname(path) === '.html') {
      setLoosePolicy(reply);
      return reply.header('cache-control', 'no-store').sendFile(path, folder, { cacheControl: false });
    }
    const isHashed = isOwn && path.startsWith('assets/');
    return reply.sendFile(path, folder, isHashed ? { maxAge: '365d', immutable: true } : { maxAge: 0 });
  });
};

/** A file of the folder that may be shown; never one outside, and none whose name or folder begins with a dot. */
const isFile = async (folder: string, path: string): Promise<boolean> => {
  if (path.includes('\0') || path.includes('\\')) return false;
  if (path.split('/').some((part) => part.startsWith('.'))) return false;
  return stat(join(folder, path)).then(
    (found) => found.isFile(),
    () => false,
  );
};

const sendMissing = (reply: FastifyReply, { isOwn }: Mount): FastifyReply =>
  sendPage(reply, {
    status: 503,
    title: 'The console is not here yet',
    body: html`<section class="card">
<h1>The console is not here yet</h1>
${
  isOwn
    ? html`<p>It has to be built once on the server: <code>npm run build</code>. Then start Foyer again.</p>`
    : html`<p>The folder that <code>BACKOFFICE_FOLDER</code> names has no <code>index.html</code>.</p>`
}
<p><a class="button" href="/account">Go to your account</a></p>
</section>`,
  });
