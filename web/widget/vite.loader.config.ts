import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Writes the loader a second time under a name that never changes its content, and what a site needs to pin it. */
const pinned = (): Plugin => ({
  name: 'pinned',
  apply: 'build',
  enforce: 'post',
  writeBundle({ dir }) {
    const code = readFileSync(`${dir}/widget.js`);
    const name = `widget.${createHash('sha256').update(code).digest('hex').slice(0, 16)}.js`;
    const integrity = `sha384-${createHash('sha384').update(code).digest('base64')}`;
    writeFileSync(`${dir}/${name}`, code);
    writeFileSync(`${dir}/widget.json`, `${JSON.stringify({ path: `/${name}`, integrity })}\n`);
  },
});

/** The loader: `/widget.js`, one classic script for any site. */
export default defineConfig({
  root: at('.'),
  plugins: [pinned()],
  publicDir: false,
  build: {
    outDir: at('../app/dist'),
    emptyOutDir: false,
    target: 'es2021',
    lib: { entry: at('src/loader/loader.ts'), formats: ['iife'], name: 'sonnim_loader', fileName: () => 'widget.js' },
  },
});
