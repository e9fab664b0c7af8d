import type { Place } from "@yingda/api/shelf";

/** This browser's storage and its locks. Without locks (on an insecure page) every page works on its own; the ids identify duplicates. */
export const browserPlace: Place = {
  get(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  },
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(name);
      else localStorage.setItem(name, value);
      return true;
    } catch {
      return false;
    }
  },
  names() {
    try {
      return Object.keys(localStorage);
    } catch {
      return [];
    }
  },
  async alone<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    if (!("locks" in navigator)) return work();
    let result: T | undefined;
    await navigator.locks.request(name, async () => {
      result = await work();
    });
    return result as T;
  },
};

/** Removes what a member picked last in the palette: it has names of colleagues. */
export const forgetPicked = (agent: string) => browserPlace.set(`yingda.console.found.${agent}`, null);

/**
 * Signing out removes everything that was read or begun in this browser. Replies
 * that were sent and not accepted yet stay, because they are meant for the customer.
 */
export function forget(agent: string) {
  const theirs = [`yingda.console.mine.${agent}`, `yingda.console.draft.${agent}.`];
  for (const name of browserPlace.names().filter((one) => theirs.some((start) => one.startsWith(start))))
    browserPlace.set(name, null);
  forgetPicked(agent);
}
