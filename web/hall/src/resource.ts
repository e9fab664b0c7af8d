/** Cached reads: one request per key at a time, data kept while it is refreshed, retry in place and, where a failure may pass, by itself. */
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
  /** How often in a row it failed. */
  failures: number;
  /** The next attempt by itself. */
  later: ReturnType<typeof setTimeout> | undefined;
  /** Whether the read in progress began by itself: the failure before stays on the page meanwhile. */
  quiet: boolean;
}

const slots = new Map<string, Slot>();
const freshFor = 60_000;
/** In milliseconds, the time until the next attempt by itself, after each failure in a row. */
const pauses = [3_000, 6_000, 12_000, 30_000] as const;

function slotOf(key: string): Slot {
  const known = slots.get(key);
  if (known) return known;
  const made: Slot = {
    data: undefined,
    error: undefined,
    at: 0,
    running: undefined,
    watchers: new Set(),
    failures: 0,
    later: undefined,
    quiet: false,
  };
  slots.set(key, made);
  return made;
}

function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem({ code: "other" }, 0);
}

/** Whether a failure may pass: nobody answered, or the server could not at that moment. */
const mayPass = ({ code, status }: Problem): boolean =>
  code === "network" || code === "timeout" || status === 429 || status >= 500;

/** Reads once more after a pause, while somebody waits for it. Not everybody at the same moment: the server may just be coming back. */
function tryLater(slot: Slot, load: () => Promise<unknown>, error: Problem): void {
  const pause = pauses[Math.min(slot.failures, pauses.length - 1)] ?? 0;
  slot.failures += 1;
  const wait = Math.max(pause * (0.75 + Math.random() / 2), (error.retryAfter ?? 0) * 1_000);
  slot.later = setTimeout(() => {
    if (slot.watchers.size === 0 || slot.running) return;
    slot.quiet = true;
    void start(slot, load);
  }, wait);
}

function start(slot: Slot, load: () => Promise<unknown>): Promise<void> {
  clearTimeout(slot.later);
  slot.running ??= load()
    .then(
      (data) => {
        slot.data = data;
        slot.error = undefined;
        slot.at = Date.now();
        slot.failures = 0;
      },
      (failure: unknown) => {
        const error = asProblem(failure);
        slot.error = error;
        if (slot.data === undefined && mayPass(error)) tryLater(slot, load, error);
      },
    )
    .finally(() => {
      slot.running = undefined;
      slot.quiet = false;
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
  const error = data === undefined && (!slot?.running || slot.quiet) ? slot?.error : undefined;
  const loading = data === undefined && error === undefined;
  return {
    data,
    error,
    loading,
    slow: slow && loading,
    retry: () => {
      if (!slot) return;
      slot.quiet = false;
      slot.failures = 0;
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
  for (const [key, slot] of slots) {
    if (!key.startsWith(prefix)) continue;
    clearTimeout(slot.later);
    slots.delete(key);
  }
}
