import { loadMore } from "./text";
import { draw } from "./ui";

/** The part if it is loaded; otherwise starts loading it, unless it failed and has not been requested again. */
interface Part<M> {
  (): M | undefined;
  /** The part, once it is loaded. One that failed to load is retried here. */
  load(): Promise<M>;
}

/** those that could not be loaded */
const failed = new Set<() => Promise<unknown>>();
const silently = (load: () => Promise<unknown>): void => void load().catch(() => undefined);

/**
 * A part of the app that is not needed at first. It is fetched when it is first needed, with the texts that all parts share. A part holds nothing that must not
 * be lost: drafts, unsent messages and the connection belong to the app itself.
 */
export function lazily<M>(bring: () => Promise<M>): Part<M> {
  let got: M | undefined;
  let running: Promise<M> | undefined;
  const load = (): Promise<M> =>
    (running ??= Promise.all([bring(), loadMore()])
      .then(
        ([part]) => {
          failed.delete(load);
          return (got = part);
        },
        (e: unknown) => {
          failed.add(load);
          running = undefined;
          throw e;
        },
      )
      .finally(draw));
  const part = (): M | undefined => {
    if (!got && !failed.has(load)) silently(load);
    return got;
  };
  return Object.assign(part, { load });
}

/** Whether any parts that are needed could not be loaded. */
export const missing = (): boolean => failed.size > 0;

/** Whether they were requested again: if they still fail while the server answers, it has another version. */
export let retried = false;
export const again = (): void => {
  retried = true;
  failed.forEach(silently);
};

/** Waits for a promise, at most `ms` milliseconds. */
export const within = (ms: number, what: Promise<unknown>): Promise<unknown> =>
  Promise.race([what, new Promise((late) => setTimeout(late, ms))]);
