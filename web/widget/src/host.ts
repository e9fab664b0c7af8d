import type { PageContext } from "@yingda/api/types";

/** What the page around us may say and ask for. */
export interface OpenOptions {
  product?: string;
  /** a question to ask at once */
  ask?: string;
  /** ask for a person at once */
  human?: boolean;
}
export interface HostOptions {
  lang?: string;
  theme?: string;
  scale?: number;
  color?: string;
  product?: string | null;
  page?: PageContext;
}
export type FromHost =
  | ({ do: "init"; open?: OpenOptions | null; kept: Record<string, string> | null } & HostOptions)
  | ({ do: "open" } & OpenOptions)
  | ({ do: "update" } & HostOptions)
  | { do: "kept"; name: string; value: string | null }
  | { do: "close" | "focus" };
export type ToHost =
  | { do: "ready" | "close" | "leave" }
  | { do: "size"; px: number }
  | { do: "unread"; n: number }
  | { do: "keep"; name: string; value: string | null }
  | { do: "event"; name: string; data?: unknown };

export const framed = parent !== window;
let origin: string | null = null;

/** Listens to the loader. Only the window that holds us is heard, and from its first word on only on the origin it had then. */
export function listen(on: (m: FromHost) => void): void {
  addEventListener("message", (e: MessageEvent<FromHost & { yingda?: 1 }>) => {
    if (e.source !== parent || e.data?.yingda !== 1 || (origin !== null && e.origin !== origin)) return;
    if (e.data.do === "init") origin = e.origin;
    if (origin !== null) on(e.data);
  });
  // Nothing is in this word but that we are here; everything after it goes to the exact origin.
  parent.postMessage({ yingda: 1, do: "ready" }, "*");
}

export function toHost(m: ToHost): void {
  if (framed && origin !== null) parent.postMessage({ yingda: 1, ...m }, origin);
}
