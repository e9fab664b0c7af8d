import type { Entry } from "@yingda/api/types";

type Test<E extends Entry> = (entry: Entry) => entry is E;

interface Known {
  /** how many entries were looked at, and the last of them */
  length: number;
  last: Entry;
  found: readonly Entry[];
}

/** By test, and by the first of the entries: a conversation's grow at their end. */
const known = new WeakMap<(entry: Entry) => boolean, WeakMap<Entry, Known>>();

/**
 * The entries that pass a test, as `filter` finds them; those that were looked at before are not looked at again, because a page asks at each new message, and a
 * conversation may have tens of thousands. The test is a function that lasts, and depends on nothing but the entry.
 */
export function those<E extends Entry>(entries: readonly Entry[], test: Test<E>): readonly E[] {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return [];
  const byFirst = known.get(test) ?? new WeakMap<Entry, Known>();
  known.set(test, byFirst);
  const before = byFirst.get(first);
  const goesOn = before !== undefined && entries[before.length - 1] === before.last;
  const fresh = entries.slice(goesOn ? before.length : 0).filter(test);
  const found = goesOn ? (fresh.length > 0 ? [...before.found, ...fresh] : before.found) : fresh;
  byFirst.set(first, { length: entries.length, last, found });
  return found as readonly E[];
}
