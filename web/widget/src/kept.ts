/**
 * Where the widget stores its few values: in the iframe's own storage; if the browser refuses that, in the host page's (through the loader, and only after the
 * first message); if that fails too, in memory, and a banner says so.
 */
type Name =
  | "device"
  | "sealed"
  | "customer"
  | "named"
  | "draft"
  | "about"
  | "left"
  | "promised"
  | "told"
  | "waits"
  | "sound"
  | "scale"
  | `out.${string}`;
export type Place = "own" | "host" | "memory";

let prefix = "";
let memory: Record<string, string> = {};
/** tells the loader what the host page's storage is to hold */
let tell: (name: string, value: string | null) => void = () => undefined;
let spoken = false;
export let place: Place = "own";
/** the last value to be stored did not fit */
export let full = false;

/** `hosted` is what the loader stored, or null if there is no loader or the host page's storage is refused too. */
export function openKept(
  site: string,
  hosted: Record<string, string> | null,
  toHost: (name: string, value: string | null) => void,
): void {
  prefix = `yingda.${site}.`;
  tell = toHost;
  try {
    localStorage.getItem(prefix);
    place = "own";
  } catch {
    place = hosted ? "host" : "memory";
    memory = { ...hosted };
    spoken = Object.keys(memory).length > 0;
  }
}

export function get(name: Name): string | null {
  return place === "own" ? localStorage.getItem(prefix + name) : (memory[name] ?? null);
}

/** Calls back when another page of this site has changed it. */
export const follow = (name: Name, changed: () => void): void =>
  addEventListener("storage", ({ key }) => key === prefix + name && changed());

/** Returns whether it was stored; otherwise it lasts as long as the page. */
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
  if (spoken && pass && place === "host") tell(name, value);
  return place === "host";
}

/**
 * Remembers in the host page's storage that there is a conversation in ours: then the loader loads the chat with every page, and the customer sees what was
 * answered in the meantime.
 */
export const tellKnown = (is: boolean): void => {
  if (place === "own") tell("known", is ? "1" : null);
};

/** The customer has sent something: from now on, the host page may store what we need to recognise them. */
export function firstMessage(): void {
  if (spoken) return;
  spoken = true;
  tellKnown(true);
  if (place === "host") for (const [name, value] of Object.entries(memory)) tell(name, value);
}

/** The names stored by the pages of this site. */
export const names = (): string[] =>
  place === "own"
    ? Object.keys(localStorage).flatMap((k) => (k.startsWith(prefix) ? k.slice(prefix.length) : []))
    : Object.keys(memory);

/** Deletes everything except how the page looks and sounds. */
export function forgetAll(): void {
  for (const name of names()) if (name !== "sound" && name !== "scale") set(name as "draft", null);
  tellKnown(false);
  spoken = false;
}

/** Runs `work` exclusively among this browser's pages that share our storage. If there is no shared storage, it runs at once. */
export async function alone<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  return place === "own" && navigator.locks ? ((await navigator.locks.request(prefix + name, work)) as T) : work();
}
