/**
 * The factor, a whole number, by which the browser's computing is slowed down: `SLOW=6 npx playwright test` finds stories that would fail on a busy machine.
 */
export const slow = Math.max(1, Number(process.env.SLOW ?? 1));

/** The factor for deadlines: how many times slower than an idle machine this one is (`scripts/calibrate.mjs`), times `slow`. */
export const slowness = Math.max(1, Number(process.env.SLOWNESS ?? 1)) * slow;
