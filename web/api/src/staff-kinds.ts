import { type ConversationKind, type EntryOf, type Kind, name, named, plain } from "./kind";

/** What each kind of entry that only the staff see means to their pages, which add it to the others (`addKinds`). */
export const staffKinds = {
  routing: { before: "queue" },
  offered: { state: "offered", before: "queue", desk: (e) => ["line.offered", { name: e.body?.name ?? "" }] },
  offer_ended: {
    state: "queued",
    before: "queue",
    desk: (e) => [`line.offer_${e.body?.how ?? "missed"}`],
  },
  overflowed: {
    // What is being served when its queue is deleted stays with its agent.
    before: (e) => (e.body?.why === "deleted" ? undefined : "queue"),
    desk: (e) => [`line.overflowed_${e.body?.why ?? "wait"}`],
  },
  visitor_blocked: {
    desk: (e, me) => [
      e.by.id === me ? "system.you_blocked" : "system.blocked",
      { name: name(e), reason: e.body?.reason ?? "" },
      "warn",
    ],
  },
  visitor_unblocked: {
    desk: (e, me) => [e.by.id === me ? "system.you_unblocked" : "system.unblocked", { name: name(e) }],
  },
  note: { desk: "own" },
  note_recalled: {},
  note_corrected: {},
  handoff: { before: "bot" },
  identified: { desk: plain("system.identified") },
  came_back: { desk: plain("system.came_back") },
  bot_superseded: { desk: plain("system.superseded") },
  answer_judged: { desk: (e) => [`system.judged_${e.body?.verdict ?? "unclear"}`, { name: name(e) }] },
  left_message_handled: {
    desk: (e) => [e.body?.handled ? "system.left_handled" : "system.left_again", { name: name(e) }],
  },
  alerted: { desk: plain("system.alerted", {}, "hot") },
  alert_acknowledged: { desk: named("system.alert_acknowledged") },
  listened: { desk: named("system.listened") },
  whispered: { desk: "own" },
  taken_from: { desk: "own" },
  snoozed: {
    state: "snoozed",
    before: "agent",
    desk: (e, me) => [e.by.id === me ? "system.you_snoozed" : "system.snoozed", { name: name(e) }],
  },
  labelled: {
    desk: (e, me, say = ({ zh }) => zh) => {
      const named = (some: readonly { name: { zh: string; en: string } }[] = []) =>
        some.map((one) => say(one.name)).join(say({ zh: "、", en: ", " }));
      const { added, removed } = e.body ?? {};
      const verb = removed?.length ? (added?.length ? "changed" : "removed") : "added";
      const values = { name: name(e), added: named(added), removed: named(removed) };
      return [e.by.id === me ? `system.you_label_${verb}` : `system.label_${verb}`, values];
    },
  },
  woken: {
    state: "active",
    before: "agent",
    desk: (e, me) => [
      e.by.kind === "system" ? "system.woken" : e.by.id === me ? "system.you_woke" : "system.woke",
      { name: name(e) },
    ],
  },
} satisfies { [K in ConversationKind]?: Kind<EntryOf<K>> };

export type StaffKinds = typeof staffKinds;
