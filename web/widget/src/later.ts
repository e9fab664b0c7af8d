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
          if (!missing()) asked = isOld = false;
          return (got = part);
        },
        (e: unknown) => {
          failed.add(load);
          isOld = asked;
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

/** Somebody has asked for them again. */
let asked = false;
/** Whether one failed again after that: if the server answers meanwhile, it has another version. */
export let isOld = false;
export const again = (): void => {
  asked = true;
  failed.forEach(silently);
};

/** Waits for a promise, at most `ms` milliseconds. */
export const within = (ms: number, what: Promise<unknown>): Promise<unknown> =>
  Promise.race([what, new Promise((late) => setTimeout(late, ms))]);
