import { emptyConversation, withPending } from "@yingda/api/conversation";
import type { WidgetSession } from "@yingda/api/types";
import { pause, setKnown, setVisitorSeq, stream } from "./connection";
import { forgetAll } from "./kept";
import { calls } from "./on-request";
import { seen } from "./marks";
import { forgetProduct } from "./products";
import { belongsTo, endSession } from "./session";
import { draw, ui } from "./ui";
import { stopKeeping } from "./writing";

/** Whose conversation it is: the visitor's, or that of an account of the page. */

export function onSession(s: WidgetSession, isAnew: boolean, isOther: boolean): void {
  ui.trouble = null;
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
  const change = belongsTo(customer);
  if (change === "forget") {
    pause(true);
    pause(false);
    forget();
    forgetAll();
    endSession();
    draw();
  } else if (change) await calls((part) => part.joinAccount());
}
