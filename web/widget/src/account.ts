import { emptyConversation, withPending } from "@yingda/api/conversation";
import type { WidgetSession } from "@yingda/api/types";
import { connect, isPaused, pause, setKnown, setVisitorSeq, stream } from "./connection";
import { forgetAll } from "./kept";
import { seen } from "./marks";
import { forgetProduct } from "./products";
import { belongsTo, endSession, isOutside, join } from "./session";
import { draw, ui } from "./ui";
import { stopKeeping } from "./writing";

/** Whose conversation it is: the visitor's, or that of an account of the page. */

/** The waits before an account is tried again that could not be joined, in milliseconds; after that, the next session tries. */
const JOIN_AFTER = [2000, 4000, 8000, 16_000, 32_000];
let joinTimer: ReturnType<typeof setTimeout> | undefined;

export function onSession(s: WidgetSession, isAnew: boolean, isOther: boolean): void {
  if (isOther) forget();
  else if (isAnew) anew();
  if (s.conversation && (!ui.c.id || ui.c.id === s.conversation)) {
    if (!ui.c.id) ui.c = { ...emptyConversation(s.conversation), pending: stream?.pending() ?? [] };
    setKnown(true);
  }
  draw();
}

/** Starts without a conversation; unsent messages are kept. */
function anew(): void {
  setVisitorSeq(null);
  setKnown(false);
  forgetProduct();
  ui.c = withPending(emptyConversation(), stream?.pending() ?? []);
}

/** Everything here belonged to an account that is signed out: removes all of it. */
function forget(): void {
  for (const p of stream?.pending() ?? []) stream?.drop(p.client_id);
  for (const u of ui.uploads) u.cancel();
  stopKeeping();
  Object.assign(ui, {
    draft: "",
    left: { text: "", contact: "" },
    leaving: false,
    uploads: [],
    suggestions: [],
    skipped: false,
    picture: null,
    about: "",
  });
  ui.cards.clear();
  anew();
  seen();
}

/** The page says which account is signed in. */
export async function identify(customer: string | null | undefined): Promise<void> {
  if (customer === undefined) return;
  clearTimeout(joinTimer);
  const change = belongsTo(customer);
  if (change === "forget") {
    pause(true);
    pause(false);
    forget();
    forgetAll();
    endSession();
    draw();
  } else if (change) await joinAccount(0);
}

/** Joins the account that the page names. The connection is closed first: unanswered sends are repeated on the next one, and stored once. */
async function joinAccount(tries: number): Promise<void> {
  const joined = await join(() => pause(true)).catch(() => false);
  const wasClosed = isPaused;
  pause(false);
  if (wasClosed || joined || isOutside()) connect();
  // on failure, the visitor's own session continues
  const wait = JOIN_AFTER[tries];
  clearTimeout(joinTimer);
  if (!joined && isOutside() && wait)
    joinTimer = setTimeout(() => void joinAccount(tries + 1), wait * (0.75 + Math.random() / 2));
}
