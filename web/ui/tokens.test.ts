import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// The contrast floors of the design, measured from the token file itself.

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
type Colour = [number, number, number];

function linear(l: number, c: number, h: number): Colour {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ];
}
const clamp = (v: number) => Math.min(1, Math.max(0, v));
const luminance = ([r, g, b]: Colour) => 0.2126 * clamp(r) + 0.7152 * clamp(g) + 0.0722 * clamp(b);

function token(name: string, theme: 'light' | 'dark'): Colour {
  const found = new RegExp(`--${name}:\\s*light-dark\\(oklch\\(([^)]*)\\),\\s*oklch\\(([^)]*)\\)\\)`).exec(css);
  if (!found) throw new Error(`no token ${name}`);
  const [l, c, h] = String(theme === 'light' ? found[1] : found[2])
    .split(/\s+/)
    .map(Number) as Colour;
  return linear(l, c, h);
}
function contrast(ink: string, ground: string, theme: 'light' | 'dark'): number {
  const [a, b] = [luminance(token(ink, theme)), luminance(token(ground, theme))].sort((x, y) => y - x) as [number, number];
  return (a + 0.05) / (b + 0.05);
}

const GROUNDS = ['ground', 'ground-panel', 'ground-raised', 'ground-float'];
const FLOORS: [string, string[], number][] = [
  ['text', [...GROUNDS, 'accent-tint', 'accent-tint-2', 'note'], 7],
  ['text-2', GROUNDS, 4.5],
  ['text-3', GROUNDS, 4.5],
  ['accent', GROUNDS, 4.5],
  ['line-control', GROUNDS, 3],
  ['on-accent', ['accent-solid', 'accent-solid-hover'], 4.5],
  ['on-note', ['note-solid'], 4.5],
  ['note-ink', ['note', 'note-2'], 4.5],
  ['on-danger', ['danger-solid'], 4.5],
  ['danger', [...GROUNDS, 'danger-tint'], 4.5],
  ['warning', ['warning-tint'], 4.5],
  ['success', ['success-tint'], 4.5],
  ['info', ['info-tint'], 4.5],
  ['rail-ink', ['rail'], 4.5],
  ['rail-ink-on', ['rail-active'], 4.5],
  ['on-inverse', ['inverse'], 7],
];

for (const theme of ['light', 'dark'] as const)
  for (const [ink, grounds, floor] of FLOORS)
    test(`${ink} can be read in ${theme}`, () => {
      for (const ground of grounds) expect(contrast(ink, ground, theme), `${ink} on ${ground}`).toBeGreaterThanOrEqual(floor);
    });
