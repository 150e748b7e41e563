import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Writes `sw.js`: the service worker, told which files this build has. */
const worker = (): Plugin => ({
  name: 'service-worker',
  apply: 'build',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const files = Object.keys(bundle)
      .filter((name) => name.startsWith('assets/') && !name.endsWith('.map'))
      .sort()
      .map((name) => `/${name}`);
    const source = readFileSync(at('src/pwa/worker.js'), 'utf8');
    const version = createHash('sha256').update(source).update(files.join()).digest('hex').slice(0, 16);
    this.emitFile({ type: 'asset', fileName: 'sw.js', source: source.replace('__VERSION__', version).replace('__FILES__', JSON.stringify(files)) });
  },
});

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  plugins: [react(), worker(), { ...optimizeLocales.vite({ locales: ['en-US', 'ko-KR'] }), enforce: 'pre' as const }],
  resolve: {
    alias: [
      { find: /^@ui$/, replacement: at('../ui/index.ts') },
      { find: /^@ui\//, replacement: `${at('../ui')}/` },
      { find: /^@api$/, replacement: at('../api/index.ts') },
      { find: /^@app\//, replacement: `${at('src')}/` },
    ],
  },
  server: {
    port: 5173,
    host: '127.0.0.1',
    proxy: { '/api': { target: process.env.SONNIM_API ?? 'http://127.0.0.1:8080', changeOrigin: false } },
  },
  build: {
    outDir: at('dist'),
    emptyOutDir: true,
    target: 'es2022',
    // light-dark() is kept as written; every browser that the app supports has it.
    cssTarget: ['chrome125', 'firefox128', 'safari18'],
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    include: ['src', '../ui', '../api', '../widget'].map((folder) => `${at(folder)}/**/*.test.ts`),
    environment: 'node',
  },
});
