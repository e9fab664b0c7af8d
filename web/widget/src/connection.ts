import { emptyConversation, withPending, type ConversationView } from "@yingda/api/conversation";
import { newId } from "@yingda/api/ids";
import { Shelf } from "@yingda/api/shelf";
import { openStream, type EventStream, type Frame, type Transport } from "@yingda/api/stream";
import type { Refusal } from "./ask";
import { alone, get, names, set } from "./kept";
import { siteUrl, token, visitor } from "./session";
import { draw, ui } from "./ui";

/** The connection to the server, what it has brought, and what waits to be sent. */

/** How long it is said that the network is back, in milliseconds. */
const BACK_FOR = 3000;

let transports: Transport[] | undefined;
let hear: (f: Frame) => void;
export let stream: EventStream | null = null;
/** whether the server has the conversation in `ui.c` */
export let known = false;
/** the last number applied of the visitor's own stream */
let visitorSeq: number | null = null;
/** whether the connection is closed because an account is being joined */
export let isPaused = false;
/** measures how long things took; it is told of every frame once its part is loaded */
export let measure: ((f: Frame, before: ConversationView) => void) | undefined;

export const setKnown = (is: boolean): void => {
  known = is;
};
export const setVisitorSeq = (seq: number | null): void => {
  visitorSeq = seq;
};
export function pause(is: boolean): void {
  isPaused = is;
  if (is) stream?.stop();
}

/** Says which ways of connecting are allowed, and who hears the frames. */
export function prepare(ways: string | undefined, onFrame: (f: Frame) => void): void {
  transports = ways?.split(",") as Transport[] | undefined;
  hear = onFrame;
}

/** Starts the connection; until then, the widget has told the server nothing. */
export function connect(): void {
  if (isPaused) return;
  if (stream) return stream.start();
  void import("./times").then(
    (part) => (measure = part.measuring(siteUrl())),
    () => undefined,
  );
  stream = openStream({
    token: (renew) =>
      token(renew).catch((e: Refusal) => {
        // nothing changes before the page says who is here
        if (/^ide/.test(e.code as string)) {
          ui.trouble = e.code as string;
          stream?.stop();
        }
        throw e;
      }),
    transports,
    hello: () => {
      const cursors: Record<string, number | null> = {};
      const v = visitor();
      if (v) cursors[v] = visitorSeq;
      if (ui.c.id && known) cursors[ui.c.id] = ui.c.seq;
      return { cursors };
    },
    attentive: () => !document.hidden && /queued|offered|active|on_hold/.test(ui.c.state),
    storage: shelf,
    onFrame: (f) => hear(f),
    onStatus: (s) => {
      ui.back = s.state === "live" && (ui.back || ui.status?.state === "down");
      if (ui.back)
        setTimeout(() => {
          ui.back = false;
          draw();
        }, BACK_FOR);
      ui.status = s;
      draw();
    },
  });
  stream.start();
  shelf.takeOver((list) => {
    if (!ui.c.id) ui.c = emptyConversation(list[0]?.conversation);
    stream?.adopt(list);
    refreshPending();
  });
}

/** Each page has its own unsent messages; those of a page that has ended are taken over by exactly one other page. */
const shelf = new Shelf(
  { get: (n) => get(n as "out.0"), set: (n, v) => set(n as "out.0", v), names, alone },
  "out.",
  newId("o").slice(14),
);

/** Shows all pending sends, including those for a conversation that is no longer the current one: a failed send is never out of sight. */
export function refreshPending(): void {
  if (stream) ui.c = withPending(ui.c, stream.pending());
  draw();
}

export function drop(id: string): void {
  stream?.drop(id);
  ui.c = { ...ui.c, pending: ui.c.pending.filter((p) => p.client_id !== id) };
  draw();
}
export function older(): void {
  const first = ui.c.entries[0]?.seq ?? 1;
  if (ui.c.id && first > 1) stream?.get(ui.c.id, Math.max(1, first - 50), first - 1);
}
