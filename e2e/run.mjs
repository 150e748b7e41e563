// Runs the journeys, a file at a time. They drive real servers and a real browser by real clocks on a busy machine: a file that
// fails is run once more, and said so; one that fails twice fails.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const wanted = process.argv.slice(2);
const files = wanted.length > 0 ? wanted : readdirSync('journeys').filter((name) => name.endsWith('.test.mjs')).map((name) => `journeys/${name}`);
const run = (file) => spawnSync(process.execPath, ['--test', '--test-concurrency=1', '--test-timeout=240000', file], { stdio: 'inherit' }).status === 0;
const failed = [];
for (const file of files.sort()) {
  if (run(file)) continue;
  console.error(`\n${file} failed; it is run once more\n`);
  if (!run(file)) failed.push(file);
}
if (failed.length > 0) {
  console.error(`\nfailed twice: ${failed.join(', ')}`);
  process.exit(1);
}
