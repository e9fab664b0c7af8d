/** Uses the part with what only some pages ask for. Null if it cannot be loaded. */
export const calls = <T>(use: (part: typeof import("./calls")) => T | Promise<T>): Promise<T | null> =>
  import("./calls").then(use, () => null);
