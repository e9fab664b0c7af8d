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
  /** `elder` for easy mode */
  mode?: string;
  /** the account that is signed in on the page, null for none; absent: the page never said */
  customer?: string | null;
}
export type FromHost =
  | ({ do: "init"; open?: OpenOptions | null; kept: Record<string, string> | null } & HostOptions)
  | ({ do: "open" } & OpenOptions)
  | ({ do: "update" } & HostOptions)
  | { do: "kept"; name: string; value: string | null }
  | { do: "identify"; customer: string | null }
  | { do: "ticket"; ticket: string | null }
  | { do: "close" | "focus" };
export type ToHost =
  | { do: "ready" | "close" | "leave" | "ticket" }
  | { do: "size"; px: number }
  | { do: "unread"; n: number }
  | { do: "keep"; name: string; value: string | null }
  | { do: "event"; name: string; data?: unknown };

export const framed = parent !== window;
let origin: string | null = null;
/** An answer that takes longer is not waited for. */
const TICKET_WITHIN = 10_000;
let ticketCame: (ticket: string | null) => void = () => undefined;

/** Listens to the loader. Only the window that holds us is heard, and from its first word on only on the origin it had then. */
export function listen(on: (m: FromHost) => void): void {
  addEventListener("message", (e: MessageEvent<FromHost & { yingda?: 1 }>) => {
    if (e.source !== parent || e.data?.yingda !== 1 || (origin !== null && e.origin !== origin)) return;
    if (e.data.do === "init") origin = e.origin;
    // Accounts are our own pages' to speak of: another page could put whoever writes into an account of its choice.
    if (e.origin !== location.origin) {
      if (e.data.do === "identify" || e.data.do === "ticket") return;
      if ("customer" in e.data) delete e.data.customer;
    }
    if (e.data.do === "ticket") ticketCame(e.data.ticket);
    else if (origin !== null) on(e.data);
  });
  // Nothing is in this word but that we are here; everything after it goes to the exact origin.
  parent.postMessage({ yingda: 1, do: "ready" }, "*");
}

export function toHost(m: ToHost): void {
  if (framed && origin !== null) parent.postMessage({ yingda: 1, ...m }, origin);
}

/** What proves to the server that the page's account is here; null where there is none to be had. */
export const askTicket = (): Promise<string | null> =>
  new Promise((resolve) => {
    ticketCame = resolve;
    setTimeout(resolve, TICKET_WITHIN, null);
    toHost({ do: "ticket" });
  });
