// Draws the icons of the installed app from the mark: `node scripts/icons.mjs [chromium]`. Their files are kept in app/public/icons.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const mark = readFileSync(fileURLToPath(new URL('../app/src/mark.svg', import.meta.url)), 'utf8');
const out = fileURLToPath(new URL('../app/public/icons/', import.meta.url));
mkdirSync(out, { recursive: true });
// A mask may cut off all but the middle: the ground fills the square, and the drawing keeps to its safe zone.
const full = mark.replace('rx="9"', '').replace('translate(4 4)', 'translate(7 7) scale(0.75)');
const browser = await chromium.launch({ executablePath: process.argv[2] ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const [name, size, svg] of [
  ['icon-192', 192, mark],
  ['icon-512', 512, mark],
  ['icon-180', 180, full],
  ['maskable-192', 192, full],
  ['maskable-512', 512, full],
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  writeFileSync(`${out}${name}.png`, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
