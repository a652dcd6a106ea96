import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const hub = process.env.HUB_URL ?? 'http://127.0.0.1:8080';
const toHub = { target: hub, changeOrigin: false };

/** Third parties that every page needs; the rest follows the lazy routes. */
const everywhere =
  /node_modules[\\/](react|react-dom|scheduler|react-router|@tanstack[\\/](react-query|query-core))[\\/]/;
/** With them goes the module that sets zod up: it has to run before the first schema is made. */
const schemas = /node_modules[\\/]zod[\\/]|platform[\\/]strict-zod/;

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // The hub's policy has no data: source for fonts, and images of our own are files too.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'base', test: everywhere, priority: 2 },
            { name: 'schemas', test: schemas, priority: 2 },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': toHub, '/socket.io': { ...toHub, ws: true }, '/y': { ...toHub, ws: true } },
  },
});
