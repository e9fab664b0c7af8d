/** How many times slower the browser is made to compute, a whole number: `SLOW=6 npx playwright test` finds stories that a crowded machine would fail. */
export const slow = Math.max(1, Number(process.env.SLOW ?? 1));

/** By what deadlines are multiplied: how many times slower than a quiet machine this one is (`scripts/calibrate.mjs`), times `slow`. */
export const slowness = Math.max(1, Number(process.env.SLOWNESS ?? 1)) * slow;
