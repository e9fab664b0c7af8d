import type { PageContext } from "@yingda/api/types";

/** What the page around us may send and ask for. */
export interface OpenOptions {
  product?: string;
  /** a question to ask immediately */
  ask?: string;
  /** ask for a human agent immediately */
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
  /** the account signed in on the page, null for none; absent if the page never said, or names the customer by a token */
  customer?: string | null;
  /** the token by which the page's server names the customer who is signed in there */
  token?: string;
  /** the version of the loader */
  v?: number;
}
export type FromHost =
  | ({ do: "init"; open?: OpenOptions | null; kept: Record<string, string> | null } & HostOptions)
  | ({ do: "open" } & OpenOptions)
  | ({ do: "update" } & HostOptions)
  | { do: "kept"; name: string; value: string | null }
  | { do: "identify"; customer?: string | null; token?: string }
  | { do: "send"; a: unknown }
  | { do: "track"; a: unknown; b: unknown }
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
/** Whether the page around us is one of our own. */
export const isOurs = (): boolean => origin === location.origin;
let ticketCame: (ticket: string | null) => void = () => undefined;
/** Says who waits for a ticket. */
export const awaitTicket = (came: typeof ticketCame): void => {
  ticketCame = came;
};

/** Listens to the loader. Only messages from the parent window are accepted and, after the first one, only from its origin at that time. */
export function listen(on: (m: FromHost) => void): void {
  addEventListener("message", (e: MessageEvent<FromHost & { yingda?: 1 }>) => {
    if (e.source !== parent || e.data?.yingda !== 1 || (origin !== null && e.origin !== origin)) return;
    if (e.data.do === "init") origin = e.origin;
    // Only our own pages may name accounts: another page could put its visitor into an account of its choice. It has to prove by a token whom it names; that
    // nobody is signed in, it may say.
    if (e.origin !== location.origin) {
      if (e.data.do === "ticket") return;
      if ((e.data as HostOptions).customer) delete (e.data as HostOptions).customer;
    }
    if (e.data.do === "ticket") ticketCame(e.data.ticket);
    else if (origin !== null) on(e.data);
  });
  // This message reveals nothing except that we are here; everything after it is sent to the exact origin.
  parent.postMessage({ yingda: 1, do: "ready" }, "*");
}

export function toHost(m: ToHost): void {
  if (framed && origin !== null) parent.postMessage({ yingda: 1, ...m }, origin);
}
