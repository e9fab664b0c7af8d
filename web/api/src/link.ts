import type { ClientFrame } from "./types";

export type Transport = "ws" | "sse" | "poll";

export interface Status {
  /** live: connected, and nothing is missing. connecting: a short interruption, or the first attempt. down: the user should be told. */
  state: "connecting" | "live" | "down";
  /** when the next attempt starts, if one is planned */
  retryAt: number | null;
  /** the server was reached; missed frames are on their way */
  reached: boolean;
  /** the browser reports that this device has no network */
  offline: boolean;
  transport: Transport | null;
  lastFrameAt: number;
}

/** One connection attempt on one transport. It carries text; the stream interprets it. */
export class Link {
  readonly at = Date.now();
  /** where each stream stood when the hello was sent */
  cursors: Record<string, number | null> = {};
  /** the HTTP status of the last request, from the server or a proxy; 0 if there was no response */
  status = 0;
  /** the server has sent its welcome */
  greeted = false;
  /** sends are allowed on this link */
  usable = false;
  posting = false;
  /** when the transport itself, as opposed to a POST beside it, last delivered something */
  saidAt = Date.now();
  /** the server's parting code on this link */
  parting = "";
  /** the delay in milliseconds after which the server wants to be contacted again, if it gave one */
  retry_ms?: number | undefined;
  /** aborts everything that belongs to this link */
  readonly end = new AbortController();
  /** sends a frame on an open socket; the other transports send by POST */
  write?: (f: ClientFrame) => void;

  constructor(readonly transport: Transport) {}
}

/** What a link needs from its stream. */
export interface Ends {
  base: string;
  greet(link: Link): Promise<ClientFrame>;
  heard(link: Link, text: string): void;
  lost(link: Link): void;
}

/** Makes one request, which is aborted when its link ends. Rejects if it is refused; the link then remembers the status. */
export async function post(
  base: string,
  path: string,
  body: object,
  link: Link,
  accept = "application/json",
): Promise<Response> {
  const r = await fetch(`${base}/rt/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: accept },
    body: JSON.stringify(body),
    cache: "no-store",
    signal: link.end.signal,
  });
  link.status = r.status;
  if (r.ok) return r;
  throw r;
}

/** Service restart (RFC 6455, 7.4 and its registry): reconnect soon, a server will be available. */
const RESTART = 1012;
export const MOVING = "moving";

export async function openSocket(link: Link, ends: Ends): Promise<void> {
  const fail = () => ends.lost(link);
  try {
    const hello = await ends.greet(link);
    if (link.end.signal.aborted) return;
    const ws = new WebSocket(`${ends.base.replace(/^http/, "ws")}/ws`);
    link.end.signal.onabort = () => ws.close();
    link.write = (f) => {
      if (ws.readyState === 1) ws.send(JSON.stringify(f));
    };
    ws.onopen = () => link.write?.(hello);
    ws.onmessage = (e) => ends.heard(link, String(e.data));
    ws.onclose = (e) => {
      if (e?.code === RESTART) link.parting = MOVING;
      fail();
    };
    ws.onerror = fail;
  } catch {
    fail();
  }
}

/** Reads an event stream, or long polls one after another, until the link is closed or fails. */
export async function openEvents(link: Link, ends: Ends): Promise<void> {
  const sse = link.transport === "sse";
  try {
    do {
      const hello = await ends.greet(link);
      if (link.end.signal.aborted) return;
      link.saidAt = Date.now();
      const r = await post(ends.base, "events", hello, link, sse ? "text/event-stream" : "application/x-ndjson");
      const say = (text: string) => {
        link.saidAt = Date.now();
        ends.heard(link, text);
      };
      if (!sse) {
        const text = await r.text();
        // a proxy answers in the server's place
        if (!text.includes("welcome")) break;
        say(text);
        continue;
      }
      const reader = r.body?.getReader();
      const decoder = new TextDecoder();
      let rest = "";
      while (reader) {
        const { done, value } = await reader.read();
        if (done) break;
        const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        say(lines.map((l) => (l.startsWith("data:") ? l.slice(5) : "")).join("\n"));
      }
    } while (!sse && !link.end.signal.aborted);
  } catch {
    // an aborted or interrupted request is treated like any other end: `lost` decides what comes next
  }
  ends.lost(link);
}
