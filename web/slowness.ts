/** By what deadlines of tests are multiplied: how many times slower than a quiet machine this one is (`scripts/calibrate.mjs`). */
export const slowness = Math.max(1, Number(process.env.SLOWNESS ?? 1));
