// An inbox's own colour, made readable: whatever somebody picks, words on it and in it reach 4.5:1.

type Rgb = [number, number, number];

const toLinear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toGamma = (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
const clamp = (v: number) => Math.min(1, Math.max(0, v));

/** `#rgb` or `#rrggbb` as parts from 0 to 1. */
export function parse(hex: string): Rgb | null {
  const digits = /^#(?:[0-9a-f]{3}){1,2}$/i.test(hex) ? hex.slice(1) : '';
  if (!digits) return null;
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  return [0, 2, 4].map((i) => Number.parseInt(full.slice(i, i + 2), 16) / 255) as Rgb;
}
const hex = (rgb: Rgb) =>
  `#${rgb
    .map((v) =>
      Math.round(clamp(v) * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

const luminance = (rgb: Rgb) => {
  const [r, g, b] = rgb.map(toLinear) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** The ratio of WCAG between two colours. */
export function contrast(a: string, b: string): number {
  const [x, y] = [parse(a), parse(b)].map((c) => luminance(c ?? [0, 0, 0])).sort((p, q) => q - p) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

function toOklch(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map(toLinear) as Rgb;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const c = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, Math.hypot(a, c), Math.atan2(c, a)];
}
function fromOklch([l, c, h]: Rgb): Rgb {
  const [a, b] = [c * Math.cos(h), c * Math.sin(h)];
  const [x, y, z] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  return [
    4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z,
    -1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z,
    -0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z,
  ].map((v) => clamp(toGamma(clamp(v)))) as Rgb;
}

/** White or black, whichever can be read better on a colour. */
export const inkOn = (ground: string): string => (contrast(ground, WHITE) >= contrast(ground, BLACK) ? WHITE : BLACK);
const WHITE = '#ffffff';
const BLACK = '#000000';
/** The grounds that coloured words stand on: the lightest and the darkest of the tokens, as near as hex goes. */
const PAPER = '#f6f3ed';
const NIGHT = '#322d29';

/** The same hue, moved in lightness until it can be read as text on a ground. */
function readable([l, c, h]: Rgb, ground: string, step: number): string {
  let at = l;
  let made = hex(fromOklch([at, c, h]));
  while (contrast(made, ground) < 4.5 && (step < 0 ? at > 0 : at < 1)) {
    at += step;
    made = hex(fromOklch([clamp(at), c * (1 - Math.abs(at - l) * 0.4), h]));
  }
  return made;
}

export interface Palette {
  /** The launcher's ground, and what is drawn on it. */
  launcher: string;
  launcherInk: string;
  /** Tokens of the frame that the colour replaces, each as [by day, by night]. */
  tokens: Record<string, [string, string]>;
}

/** All that one colour decides. */
export function palette(colour: string): Palette | null {
  const rgb = parse(colour);
  if (!rgb) return null;
  const own = toOklch(rgb);
  const [l, c, h] = own;
  const day = hex(rgb);
  // By night a deep colour would vanish and a bright one glare: the solid parts stay between the two.
  const night = hex(fromOklch([Math.min(0.82, Math.max(0.74, l)), Math.min(c, 0.13), h]));
  const head = hex(fromOklch([0.285, Math.min(c, 0.05), h]));
  const tint = (by: number, much: number) => hex(fromOklch([by, Math.min(c, much), h]));
  return {
    launcher: day,
    launcherInk: inkOn(day),
    tokens: {
      '--accent': [readable(own, PAPER, -0.01), readable(own, NIGHT, 0.01)],
      '--accent-solid': [day, night],
      '--on-accent': [inkOn(day), inkOn(night)],
      '--accent-tint-2': [tint(0.93, 0.03), tint(0.33, 0.035)],
      '--hello': [day, head],
      '--on-hello': [inkOn(day), inkOn(head)],
    },
  };
}
