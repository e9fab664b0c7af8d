/**
 * Reads the tokens' style sheet and measures colours: WCAG contrast, and the distance of chart colours as seen by people with and without a colour vision
 * deficiency (Machado, Oliveira and Fernandes 2009, full severity; distance in Oklab times 100).
 */
export type Tokens = Record<string, string>;
export type Theme = "light" | "dark" | "contrast";
type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

function declarations(css: string, selector: string): Tokens {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) return {};
  const body = css.slice(start, css.indexOf("\n}", start));
  const found: Tokens = {};
  for (const match of body.matchAll(/--y-([\w-]+):\s*(#[0-9a-f]{6})\b/gi)) {
    const [, name, value] = match;
    if (name && value) found[name] = value;
  }
  return found;
}

/** The hex colours of each theme; dark and contrast inherit what they leave out. */
export function parseThemes(css: string): Record<Theme, Tokens> {
  const light = declarations(css, ":root");
  return {
    light,
    dark: { ...light, ...declarations(css, ':root[data-theme="dark"]') },
    contrast: { ...light, ...declarations(css, ':root[data-theme="contrast"]') },
  };
}

function linear(hex: string): Triple {
  const channel = (at: number): number => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function luminance(hex: string): number {
  return dot([0.2126, 0.7152, 0.0722], linear(hex));
}

/** The WCAG contrast ratio of two hex colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const la = luminance(a);
  const lb = luminance(b);
  return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05);
}

export const visions: Record<"normal" | "protan" | "deutan" | "tritan", Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const toLms: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const toLab: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

const apply = (m: Matrix, v: Triple): Triple => [dot(m[0], v), dot(m[1], v), dot(m[2], v)];
const map = (v: Triple, f: (x: number) => number): Triple => [f(v[0]), f(v[1]), f(v[2])];

function seen(hex: string, vision: Matrix): Triple {
  const rgb = map(apply(vision, linear(hex)), (x) => Math.min(1, Math.max(0, x)));
  return apply(toLab, map(apply(toLms, rgb), Math.cbrt));
}

/** The distance between two colours as they appear, in Oklab x 100. */
export function distance(a: string, b: string, vision: Matrix): number {
  const p = seen(a, vision);
  const q = seen(b, vision);
  return 100 * Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}
