import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Served by Foyer at a path of the operator's choice, with every path below it that is no file answered by index.html. */
export default defineConfig({
  // Files find each other by relative addresses; the server puts the path in front of those in index.html.
  base: './',
  plugins: [react()],
  build: {
    outDir: 'dist',
    // Inlined files would need `data:` in the policy of the page.
    assetsInlineLimit: 0,
    // Rewriting light-dark() for older browsers does not work with colours that the reader chooses.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // The preload helper would be an inline script.
    modulePreload: { polyfill: false },
  },
});
