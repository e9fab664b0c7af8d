/** Cached reads: one request per key at a time, data kept while it is refreshed, retry in place. */
import { Problem } from "@yingda/api/client";
import { useEffect, useState } from "preact/hooks";

export interface Resource<T> {
  data: T | undefined;
  error: Problem | undefined;
  loading: boolean;
  /** Nothing has arrived for five seconds. */
  slow: boolean;
  retry(): void;
  /** Reads it once more, even while a read is in progress, because that one may have begun too early. The known data stays on the page. */
  again(): void;
}

interface Slot {
  data: unknown;
  error: Problem | undefined;
  at: number;
  running: Promise<void> | undefined;
  watchers: Set<() => void>;
}

const slots = new Map<string, Slot>();
const freshFor = 60_000;

function slotOf(key: string): Slot {
  const known = slots.get(key);
  if (known) return known;
  const made: Slot = { data: undefined, error: undefined, at: 0, running: undefined, watchers: new Set() };
  slots.set(key, made);
  return made;
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem({ code: "other" }, 0);
}

function start(slot: Slot, load: () => Promise<unknown>): Promise<void> {
  slot.running ??= load()
    .then(
      (data) => {
        slot.data = data;
        slot.error = undefined;
        slot.at = Date.now();
      },
      (error: unknown) => {
        slot.error = asProblem(error);
      },
    )
    .finally(() => {
      slot.running = undefined;
      for (const changed of slot.watchers) changed();
    });
  return slot.running;
}

/** The data of `key`, read now unless it is known and fresh. Rejects with a `Problem`. */
export async function recall<T>(key: string, load: () => Promise<T>): Promise<T> {
  const slot = slotOf(key);
  if (slot.data === undefined || Date.now() - slot.at > freshFor) await start(slot, load);
  if (slot.data === undefined) throw slot.error ?? new Problem({ code: "other" }, 0);
  return slot.data as T;
}

export function useResource<T>(key: string | null, load: () => Promise<T>): Resource<T> {
  const [, redraw] = useState(0);
  const [slow, setSlow] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `load` is a new function at every drawing, and the key says what it loads
  useEffect(() => {
    setSlow(false);
    if (key === null) return;
    const slot = slotOf(key);
    const changed = (): void => redraw((n) => n + 1);
    slot.watchers.add(changed);
    const late = setTimeout(() => setSlow(true), 5_000);
    if (slot.data === undefined || Date.now() - slot.at > freshFor) void start(slot, load);
    changed();
    return () => {
      clearTimeout(late);
      slot.watchers.delete(changed);
    };
  }, [key]);
  const slot = key === null ? undefined : slotOf(key);
  const data = slot?.data as T | undefined;
  const error = data === undefined && !slot?.running ? slot?.error : undefined;
  const loading = data === undefined && error === undefined;
  return {
    data,
    error,
    loading,
    slow: slow && loading,
    retry: () => {
      if (!slot) return;
      void start(slot, load);
      redraw((n) => n + 1);
    },
    again: () => {
      if (slot) void (slot.running ?? Promise.resolve()).then(() => start(slot, load));
    },
  };
}

/** Forgets what was read under keys with this prefix, because it belongs to someone who has left. */
export function forget(prefix: string): void {
  for (const key of slots.keys()) if (key.startsWith(prefix)) slots.delete(key);
}
