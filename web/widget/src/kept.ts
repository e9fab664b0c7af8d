/**
 * Where the widget keeps its few things: the iframe's own storage; where the browser refuses that, the host page's (by way of the
 * loader, and only after the first message); where that fails too, memory, and a banner says so.
 */
type Name = "device" | "sealed" | "customer" | "draft" | "left" | "promised" | "sound" | "scale" | `out.${string}`;
export type Place = "own" | "host" | "memory";

let prefix = "";
let memory: Record<string, string> = {};
let tell: ((name: string, value: string | null) => void) | null = null;
let spoken = false;
export let place: Place = "own";
/** what was to be kept last did not fit any more */
export let full = false;

/** `hosted` is what the loader kept, or null when there is no loader or the host page's storage is refused too. */
export function openKept(site: string, hosted: Record<string, string> | null, toHost: (name: string, value: string | null) => void): void {
  prefix = `yingda.${site}.`;
  try {
    localStorage.getItem(prefix);
    place = "own";
  } catch {
    place = hosted ? "host" : "memory";
    memory = { ...hosted };
    tell = hosted ? toHost : null;
    spoken = Object.keys(memory).length > 0;
  }
}

export function get(name: Name): string | null {
  return place === "own" ? localStorage.getItem(prefix + name) : (memory[name] ?? null);
}

/** Whether it is kept; what is not lives as long as the page. */
export function set(name: Name, value: string | null, pass = true): boolean {
  if (place === "own") {
    try {
      if (value === null) localStorage.removeItem(prefix + name);
      else {
        localStorage.setItem(prefix + name, value);
        full = false;
      }
    } catch {
      full = true;
    }
    return !full;
  }
  if (value === null) delete memory[name];
  else memory[name] = value;
  if (spoken && pass) tell?.(name, value);
  return place === "host";
}

/** The customer has sent something: from now on the host page may keep what we need to know them again. */
export function firstMessage(): void {
  if (spoken) return;
  spoken = true;
  for (const [name, value] of Object.entries(memory)) tell?.(name, value);
}

/** What pages of this site keep. */
export const names = (): string[] =>
  place === "own" ? Object.keys(localStorage).flatMap((k) => (k.startsWith(prefix) ? k.slice(prefix.length) : [])) : Object.keys(memory);

/** Takes away everything but how the page looks and sounds. */
export function forgetAll(): void {
  for (const name of names()) if (name !== "sound" && name !== "scale") set(name as "draft", null);
  spoken = false;
}

/** Runs `work` alone among the pages of this browser that share our storage, in turn. Where there is nothing to share there is nobody to wait for. */
export async function alone<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  return place === "own" && navigator.locks ? ((await navigator.locks.request(prefix + name, work)) as T) : work();
}
