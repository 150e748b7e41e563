import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Leaves out what nobody in the frame names: the tokens are one file for the app and the messenger, and its smallest page must stay small. */
const usedTokens = (): Plugin => ({
  name: 'used-tokens',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/ui/tokens.css')) return;
    const frame = at('src/frame/');
    const sources = readdirSync(frame).map((name) => readFileSync(frame + name, 'utf8'));
    const named = (text: string) => [...text.matchAll(/--[a-z0-9-]+/g)].map(([name]) => name);
    const used = new Set(sources.flatMap(named));
    const bare = code.replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, name, value] of bare.matchAll(/(--[a-z0-9-]+):([^;]*);/g))
      if (used.has(String(name))) for (const inner of named(String(value))) used.add(inner);
    return bare.replace(/(--[a-z0-9-]+):[^;]*;/g, (all, name) => (used.has(name) ? all : '')).replace(/[^{}]+\{\s*\}/g, '');
  },
});

/** The frame: what `/widget/{key}` shows. Its files are hashed; the server embeds them with the app's. */
export default defineConfig({
  root: at('.'),
  base: '/widget/',
  plugins: [usedTokens()],
  publicDir: false,
  build: {
    outDir: at('../app/dist/widget'),
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome125', 'firefox128', 'safari18'],
    manifest: 'manifest.json',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
