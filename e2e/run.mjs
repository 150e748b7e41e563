// Runs the journeys, a file at a time: all of them, so that one run tells every fault.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const wanted = process.argv.slice(2);
const files = wanted.length > 0 ? wanted : readdirSync('journeys').filter((name) => name.endsWith('.test.mjs')).map((name) => `journeys/${name}`);
const run = (file) => spawnSync(process.execPath, ['--test', '--test-concurrency=1', '--test-timeout=240000', file], { stdio: 'inherit' }).status === 0;
const failed = files.sort().filter((file) => !run(file));
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join(', ')}`);
  process.exit(1);
}
