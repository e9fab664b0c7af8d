import { applyFrame, emptyConversation, withPending, type ConversationView } from "@yingda/api/conversation";
import { ownerOf, withoutUndone } from "@yingda/api/kinds";
import type { Frame } from "@yingda/api/stream";
import type { SendBody } from "@yingda/api/types";
import { asking } from "./asking";
import { drop, known, measure, setKnown, setVisitorSeq, stream } from "./connection";
import { toHost } from "./host";
import { openLeft, told } from "./leaving";
import { seen } from "./marks";
import { forgetProduct, lookAt } from "./products";
import { fresh, say } from "./saying";
import { visitor } from "./session";
import { chime } from "./sound";
import { draw, ui } from "./ui";

/** What comes from the server, and what follows from it. */

function switchTo(id: string): void {
  setKnown(true);
  if (ui.c.id !== id) ui.c = withPending(emptyConversation(id), stream?.pending() ?? []);
  stream?.follow();
}

export function onFrame(f: Frame): void {
  const before = ui.c;
  if (f.t === "no") refused(f);
  if ((f.t === "entries" || f.t === "reset") && f.stream === visitor()) {
    for (const e of f.entries) {
      setVisitorSeq(e.seq);
      if (e.kind === "current" && e.body && e.body.conversation !== ui.c.id && !(ui.c.pending.length && !known))
        switchTo(e.body.conversation);
    }
    if (f.t === "reset") setVisitorSeq(f.seq);
  }
  ui.c = applyFrame(ui.c, f);
  ui.c.entries = withoutUndone(ui.c.entries);
  measure?.(f, before);
  if (
    f.t === "ok" &&
    !known &&
    before.pending.some((p) => p.client_id === f.client_id && p.conversation === before.id)
  ) {
    setKnown(true);
    stream?.follow();
  }
  if (ui.c.gap) {
    ui.c = { ...ui.c, gap: false };
    stream?.follow();
  }
  if (ui.c !== before) changed(before);
  draw();
}

function refused(f: Frame & { t: "no" }): void {
  if (!f.client_id) {
    if (f.code === "upgrade_required") ui.trouble = f.code;
    return;
  }
  const p = ui.c.pending.find((x) => x.client_id === f.client_id);
  if (!p) return;
  if (p.body.type === "judge_answer") drop(f.client_id);
  else if (f.code === "use" && f.conversation) switchTo(f.conversation);
  else if (f.code === "closed") {
    // nobody is available: offer to leave a message instead
    drop(f.client_id);
    told(f);
    if (!known) {
      forgetProduct();
      void lookAt(p.open?.product ?? null);
    }
    openLeft();
  } else if (f.code === "conversation_closed" && !/^(rate|end|recall)$/.test(p.body.type)) {
    // the conversation is closed, so the message begins a new one
    drop(f.client_id);
    if (p.conversation === ui.c.id && known) fresh();
    // what it quotes is not in the new one
    say({ ...p.body, quote: undefined } as SendBody);
  } else if (/ask_about|rate/.test(p.body.type)) void asking.load().then((part) => part.onUntold(p, f.code));
}

/** What follows from a change of the conversation: marks, badge, sound. */
function changed(before: ConversationView): void {
  const c = ui.c;
  // the next end is asked about again
  ui.skipped &&= c.state === "resolved";
  // whoever has come is written to; no form is left over for when they have gone
  if (ownerOf(c.state) === "agent") ui.leaving = false;
  seen();
  const added =
    before.id === c.id && before.seq !== null && c.seq !== before.seq
      ? c.entries.filter((e) => e.seq > (before.seq ?? 0))
      : [];
  for (const e of added)
    if (e.kind === "message" && (e.body as { outcome?: string } | null)?.outcome === "closed") told(e.body as object);
  const theirs = added.filter((e) => e.by.kind === "agent" && e.kind === "message");
  const joined = added.some((e) => e.kind === "assigned");
  if (ui.sound && (joined || (theirs.length && (document.hidden || !ui.open)))) chime();
  if (theirs.length) toHost({ do: "event", name: "message", data: { count: theirs.length } });
}
