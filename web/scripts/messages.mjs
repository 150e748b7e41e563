// Fails when a key is missing in one language, has other placeholders there, or is not used by any source file.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../app/src', import.meta.url));
const folder = join(src, 'messages');
const PLURAL = /_(zero|one|two|few|many|other)$/;
const problems = [];

function flatten(value, prefix, out) {
  for (const [key, inner] of Object.entries(value)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof inner === 'string') out.set(path, inner);
    else flatten(inner, path, out);
  }
  return out;
}
const holes = (text) =>
  [...text.matchAll(/\{\{\s*(\w+)/g)]
    .map((m) => m[1])
    .sort()
    .join(',');

const languages = { en: new Map(), ko: new Map() };
for (const file of readdirSync(folder)) {
  const [area, language, ext] = file.split('.');
  if (ext !== 'json' || !(language in languages)) {
    problems.push(`${file}: message files are named <area>.<en|ko>.json`);
    continue;
  }
  flatten(JSON.parse(readFileSync(join(folder, file), 'utf8')), area, languages[language]);
}

const stem = (key) => key.replace(PLURAL, '');
const stems = (map) => new Map([...map].map(([key, text]) => [stem(key), text]));
const en = stems(languages.en);
const ko = stems(languages.ko);
for (const key of en.keys()) if (!ko.has(key)) problems.push(`missing in Korean: ${key}`);
for (const key of ko.keys()) if (!en.has(key)) problems.push(`missing in English: ${key}`);
for (const [key, text] of en)
  if (ko.has(key) && holes(text) !== holes(ko.get(key)) && !/_/.test(key.split('.').pop()))
    problems.push(`placeholders differ: ${key} (en: ${holes(text)}; ko: ${holes(ko.get(key))})`);
for (const [key, text] of [...languages.en, ...languages.ko]) if (text.trim() === '') problems.push(`empty: ${key}`);

// Used keys: literals, and templates such as `app.view.${view}` as prefixes.
const used = new Set();
const prefixes = [];
const areas = new Set([...en.keys()].map((key) => key.split('.')[0]));
function walk(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) walk(path);
    else if (/\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name)) {
      const text = readFileSync(path, 'utf8');
      for (const [, key] of text.matchAll(/['"`]((?:[a-z_]+)\.[A-Za-z0-9_.]+)['"`]/g)) if (areas.has(key.split('.')[0])) used.add(key);
      for (const [, prefix, suffix] of text.matchAll(/`([a-z_]+\.[A-Za-z0-9_.]*)\$\{[^`]*?\}([A-Za-z0-9_.]*)`/g))
        if (areas.has(prefix.split('.')[0])) prefixes.push([prefix, suffix]);
    }
  }
}
walk(src);
// A word may end like a plural form by chance (`provider_other`): then it is used by its whole name.
const wholes = new Map();
for (const key of languages.en.keys()) wholes.set(stem(key), [...(wholes.get(stem(key)) ?? []), key]);
for (const key of en.keys()) {
  const isUsed = [key, ...wholes.get(key)].some((one) => used.has(one)) || prefixes.some(([prefix, suffix]) => key.startsWith(prefix) && key.endsWith(suffix));
  if (!isUsed) problems.push(`not used: ${key}`);
}
// Only `t("…")` and friends must exist; other strings with a dot may be anything.
function calls(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) calls(path);
    else if (/\.tsx?$/.test(entry.name))
      for (const [, key] of readFileSync(path, 'utf8').matchAll(/\bt\(\s*['"]([^'"]+)['"]/g))
        if (!en.has(key) && !languages.en.has(key)) problems.push(`no such key: ${key} (${entry.name})`);
  }
}
calls(src);

// The messenger: one flat file for each language; English and Korean are complete, others as far as they go. Keys are used by `t(…)`.
const widget = fileURLToPath(new URL('../widget/src', import.meta.url));
const spoken = Object.fromEntries(
  readdirSync(join(widget, 'messages')).map((file) => [file.replace('.json', ''), JSON.parse(readFileSync(join(widget, 'messages', file), 'utf8'))]),
);
const sources = readdirSync(join(widget, 'frame'))
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name))
  .map((name) => readFileSync(join(widget, 'frame', name), 'utf8'))
  .join('\n');
const english = new Map(Object.entries(spoken.en).map(([key, text]) => [stem(key), text]));
for (const [language, all] of Object.entries(spoken)) {
  const here = new Map(Object.entries(all).map(([key, text]) => [stem(key), text]));
  for (const [key, text] of here) {
    if (!english.has(key)) problems.push(`widget ${language}: no such key: ${key}`);
    else if (holes(text) !== holes(english.get(key))) problems.push(`widget ${language}: placeholders differ: ${key}`);
    if (text.trim() === '') problems.push(`widget ${language}: empty: ${key}`);
  }
  if (language === 'en' || language === 'ko') for (const key of english.keys()) if (!here.has(key)) problems.push(`widget ${language}: missing: ${key}`);
}
const built = [...sources.matchAll(/`([a-z]*_)\$\{|\}(_[a-z_]+)`/g)].flatMap(([, prefix, suffix]) => [prefix ?? suffix]);
for (const key of english.keys())
  if (!new RegExp(`['"\`]${key}['"\`]`).test(sources) && !built.some((part) => (part.startsWith('_') ? key.endsWith(part) : key.startsWith(part))))
    problems.push(`widget: not used: ${key}`);
for (const [, key] of sources.matchAll(/\bt\(\s*'([^']+)'/g)) if (!english.has(stem(key))) problems.push(`widget: no such key: ${key}`);

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`messages: ${en.size} keys in English and Korean, all used; ${english.size} of the messenger`);
