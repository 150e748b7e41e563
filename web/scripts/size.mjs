// What a first visit downloads before the inbox can be drawn: the entry, everything it imports, the English words, the CSS.
// And what the messenger costs a site: its loader, and its first open. Fails over the limits (gzip). Run after `npm run build`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../app/dist', import.meta.url));
let failed = false;

/** Adds up files and says so. */
function weigh(what, files, limit) {
  let total = 0;
  for (const file of files) {
    const size = gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
    total += size;
    console.log(`${(size / 1024).toFixed(1).padStart(7)} kB  ${file}`);
  }
  console.log(`${(total / 1024).toFixed(1).padStart(7)} kB  ${what}, gzip (limit ${limit / 1024} kB)\n`);
  if (total <= limit) return;
  failed = true;
  console.error(`${what} is over the limit: load something later, or leave something out.`);
}

/** The files of chunks with all that they import. */
function closure(manifest, keys) {
  const files = new Set();
  const add = (key) => {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const next of chunk.imports ?? []) add(next);
  };
  for (const key of keys) add(key);
  return files;
}
const read = (path) => JSON.parse(readFileSync(join(dist, path), 'utf8'));

weigh('first visit', closure(read('.vite/manifest.json'), ['index.html', 'src/messages/app.en.json']), 200 * 1024);
weigh('loader of the messenger', ['widget.js'], 2.5 * 1024);
const frame = closure(read('widget/manifest.json'), ['index.html', 'src/messages/en.json']);
weigh('first open of the messenger', ['widget/index.html', ...[...frame].map((file) => `widget/${file}`)], 20 * 1024);
process.exit(failed ? 1 : 0);
