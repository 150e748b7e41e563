// Makes app/src/emoji/emoji.<language>.json from the package emojibase-data (MIT, with the names of Unicode CLDR):
// `node scripts/emoji.mjs FOLDER_OF_THE_PACKAGE`. Each line is the emoji, its name and its words; flags of regions are left out.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2] ?? 'node_modules/emojibase-data';
const read = (path) => JSON.parse(readFileSync(`${folder}/${path}`, 'utf8'));
const codes = read('en/shortcodes/github.json');
for (const language of ['en', 'ko']) {
  const rows = read(`${language}/data.json`)
    .filter((one) => one.group !== undefined && one.group !== 2 && one.group !== 9 && one.version <= 15)
    .sort((a, b) => a.order - b.order)
    .map((one) => {
      const words = [...new Set([...(one.tags ?? []), ...[codes[one.hexcode] ?? []].flat().map((code) => code.replaceAll('_', ' '))])]
        .filter((word) => !one.label.includes(word))
        .slice(0, 8);
      return [one.emoji, one.label, words.join(',')];
    });
  const out = fileURLToPath(new URL(`../app/src/emoji/emoji.${language}.json`, import.meta.url));
  writeFileSync(out, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
}
