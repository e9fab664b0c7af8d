import { draw } from "./app";
import { loadMore } from "./text";

/**
 * Parts of the app that are not needed at first. Each is fetched when it is first needed, with the texts they all share. A part holds nothing that must not be
 * lost: drafts, unsent messages and the connection belong to the app itself.
 */
const fetches = {
  elder: () => import("./view/elder"),
  emoji: () => import("./view/emoji"),
  files: () => import("./view/files"),
  message: () => import("./view/left-message"),
  people: () => import("./view/people"),
  rail: () => import("./view/rail"),
  rating: () => import("./view/rating"),
  suggest: () => import("./view/suggest"),
};
export type PartName = keyof typeof fetches;
type Parts = { [N in PartName]: Awaited<ReturnType<(typeof fetches)[N]>> };

const got: Partial<Parts> = {};
const running: { [N in PartName]?: Promise<Parts[N]> } = {};
/** parts that could not be fetched */
const failed = new Set<PartName>();

/** The part, once it is loaded. One that failed to load is retried here. */
export function fetchPart<N extends PartName>(name: N): Promise<Parts[N]> {
  const all = running as Record<string, Promise<Parts[N]> | undefined>;
  return (all[name] ??= Promise.all([fetches[name]() as Promise<Parts[N]>, loadMore()])
    .then(
      ([part]) => {
        failed.delete(name);
        return (got[name] = part);
      },
      (e: unknown) => {
        failed.add(name);
        delete all[name];
        throw e;
      },
    )
    .finally(draw));
}

/** The part if it is loaded; otherwise starts loading it, unless it failed and has not been requested again. */
export function part<N extends PartName>(name: N): Parts[N] | undefined {
  if (!got[name] && !failed.has(name)) void fetchPart(name).catch(() => undefined);
  return got[name];
}

/** Whether any parts that are needed could not be loaded. */
export const missing = (): boolean => failed.size > 0;

export function again(): void {
  for (const name of failed) void fetchPart(name).catch(() => undefined);
}

/** Waits for a promise, at most `ms` milliseconds. */
export const within = (ms: number, what: Promise<unknown>): Promise<unknown> =>
  Promise.race([what, new Promise((late) => setTimeout(late, ms))]);
