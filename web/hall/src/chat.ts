/**
 * The chat on this page: the same loader that any customer's page embeds. Calls made before it is
 * loaded wait in its queue; if it cannot be loaded at all, the hosted chat page takes its place.
 */
import { home } from "@yingda/api/home";
import { bare } from "@yingda/api/direction";
import type { Hall, Lang } from "@yingda/api/types";
import { useEffect, useState } from "preact/hooks";

export interface OpenOptions {
  product?: string;
  ask?: string;
  human?: true;
}

type Call = (...args: unknown[]) => void;
declare global {
  interface Window {
    yingda?: Call & { q?: unknown[][] };
  }
}

let site: string | null = null;
let failed = false;
/** The number of times that what was said in the chat has joined the account. */
let joined = 0;
const watchers = new Set<() => void>();

function call(...args: unknown[]): void {
  if (!window.yingda) {
    const waiting: unknown[][] = [];
    const stub: Call & { q?: unknown[][] } = (...later) => {
      waiting.push(later);
    };
    stub.q = waiting;
    window.yingda = stub;
  }
  window.yingda(...args);
}

export function hostedChat(key: string): string {
  return `${home}/c/${encodeURIComponent(key)}`;
}

export function embedChat(
  { site: key, brand, side }: Pick<Hall, "site" | "brand" | "side">,
  lang: Lang,
  launcher: boolean,
): void {
  if (site !== null) return;
  site = key;
  const script = document.createElement("script");
  script.async = true;
  script.src = `${home}/w.js`;
  script.dataset.site = key;
  script.dataset.lang = lang;
  script.dataset.side = side;
  if (brand !== undefined) script.dataset.color = brand;
  if (!launcher) script.dataset.launcher = "none";
  script.addEventListener("error", () => {
    failed = true;
  });
  document.head.append(script);
  call("on", "joined", () => {
    joined += 1;
    for (const changed of watchers) changed();
  });
}

/** Counts how often what was said in the chat has joined the account: after that, the account holds more than was read before. */
export function useJoined(): number {
  const [, redraw] = useState(0);
  useEffect(() => {
    const changed = (): void => redraw((n) => n + 1);
    watchers.add(changed);
    return () => {
      watchers.delete(changed);
    };
  }, []);
  return joined;
}

export function openChat(options: OpenOptions = {}): void {
  if (failed && site !== null) location.assign(hostedChat(site));
  else call("open", options.ask === undefined ? options : { ...options, ask: bare(options.ask) });
}

/** Calls back with the number of unread messages. */
export function watchUnread(changed: (unread: number) => void): void {
  call("on", "unread", changed);
}

/** Tells the chat what changed around it: language, appearance, whether it shows its own launcher, and the product being looked at. */
export function updateChat(change: {
  lang?: Lang;
  launcher?: boolean;
  product?: string | null;
  theme?: string;
  scale?: number;
  mode?: string;
}): void {
  if (site !== null && !failed) call("update", change);
}

/** Tells the chat who is signed in, so that what is said belongs to the account; `null` if nobody is. */
export function identifyChat(who: { customer: string; ticket: () => Promise<string | null> } | null): void {
  if (site !== null && !failed) call("identify", who);
}
