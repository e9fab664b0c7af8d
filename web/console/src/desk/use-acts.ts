import { useNavigate } from "@tanstack/react-router";
import type { ConversationView } from "@yingda/api/conversation";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "../lib/toast";
import { useLive } from "../live/context";
import type { Live } from "../live/live";
import { groupMine, nextWaiting, order } from "../live/lists";
import { isSpoken } from "./transcript";

interface Options {
  customer: string;
  mine: boolean;
  /** Whether somebody may be in danger and nobody has answered. */
  alerted: boolean;
  /** Whether the last word was the staff's. */
  answered: boolean;
}

/** Whether the last word in a conversation is an agent's, sent or on its way; what the bot said answers nobody who asked for a person. */
export function isAnswered({ entries, pending }: Pick<ConversationView, "entries" | "pending">): boolean {
  if (pending.some((one) => isSpoken(one) && one.body.type !== "note")) return true;
  const last = entries.findLast((entry) => entry.kind === "message" && entry.body?.type !== "product");
  return last?.by.kind === "agent";
}

/** A press that was meant for the last conversation does nothing to the one that opened by itself, for this long, in milliseconds. */
const settling = 600;
/** When the desk last opened the next conversation by itself. */
const opened = new WeakMap<Live, number>();
/** A customer who spoke last is left without an answer only by a second press within this time, in milliseconds. */
const askedFor = 5000;

/** What can be done with the open conversation, besides writing in it. */
export function useActs(id: string, { customer, mine, alerted, answered }: Options) {
  const { t } = useTranslation("desk");
  const live = useLive();
  const navigate = useNavigate();
  const askedAt = useRef(-Infinity);

  const show = (conversation: string) =>
    void navigate({ to: "/inbox/$conversation", params: { conversation }, search: {} });
  const isLive = () => live.status.get().state === "live";
  /** Reports success only if the connection is live; nothing is done until the server knows of it. */
  const said = (done: string) => toast(isLive() ? done : t("link.later"));
  const saidWithUndo = (done: string, run: () => void) => {
    if (isLive()) toast(done, "plain", { word: t("undo"), run, undoes: true });
    else toast(t("link.later"));
  };
  /** While somebody may be in danger and nobody has answered, the conversation does not leave the agent's hands unseen. */
  const held = alerted ? t("alert.first") : "";
  const isHeld = () => {
    if (held !== "") toast(held, "hot");
    return held !== "";
  };
  /** Whether it takes another press, because the customer spoke last. */
  const isAskedAgain = () => {
    const now = performance.now();
    if (answered || now - askedAt.current <= askedFor) return false;
    askedAt.current = now;
    toast(t("resolve.waits", { name: customer }), "warn");
    return true;
  };
  const reopen = () => {
    live.send(id, { type: "reopen" });
    show(id);
  };
  const resolve = () => {
    if (!mine || performance.now() - (opened.get(live) ?? -Infinity) < settling || isHeld() || isAskedAgain()) return;
    live.send(id, { type: "resolve" });
    saidWithUndo(t("resolve.done", { name: customer }), reopen);
    const lists = live.lists.get();
    const groups = lists && groupMine(lists.mine.values());
    const next = groups && (nextWaiting(groups, id) ?? order(groups).find((other) => other !== id));
    if (!next) return;
    opened.set(live, performance.now());
    show(next);
  };
  const handBack = () => {
    if (!mine || isHeld()) return;
    live.send(id, { type: "hand_back" });
    saidWithUndo(t("hand_back.done", { name: customer }), () => live.send(id, { type: "take" }));
  };
  const hold = () => {
    if (!mine || isHeld()) return;
    live.send(id, { type: "hold" });
    saidWithUndo(t("hold.done"), () => live.send(id, { type: "wake" }));
  };
  const snooze = (until: number) => {
    if (!mine || isHeld()) return;
    live.send(id, { type: "snooze", until });
    saidWithUndo(t("snooze.done", { name: customer }), () => live.send(id, { type: "wake" }));
  };
  const take = () => {
    live.send(id, { type: "take" });
    show(id);
  };
  const transferTo = (to: string, name: string, note: string) => {
    live.send(id, { type: "transfer", to, ...(note ? { note } : {}) });
    said(t("transfer.done", { name }));
  };
  return {
    held,
    resolve,
    hold,
    snooze,
    handBack,
    take,
    takeOver: () => live.send(id, { type: "take" }),
    reopen,
    transferTo,
  };
}
