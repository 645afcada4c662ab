import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

interface Found {
  path: string | undefined;
  words: string;
}

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** CHROMIUM_PATH, else one in a usual place, else Debian's package when we may install it. */
export const findChromium = (): Found => {
  const named = process.env.CHROMIUM_PATH;
  if (named && existsSync(named)) return { path: named, words: `Chromium: ${named}` };
  const usual = () => places.find((place) => existsSync(place));
  const found = usual();
  if (found) return { path: found, words: `Chromium: ${found}` };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium with apt-get …');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const installed = usual();
    if (installed) return { path: installed, words: `Chromium: ${installed} (installed by apt-get)` };
  }
  return {
    path: undefined,
    words:
      'Chromium was not found: install it, or name one with CHROMIUM_PATH. The browser journeys will fail.',
  };
};
