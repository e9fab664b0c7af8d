import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { toast } from "../lib/toast";
import { useLive } from "../live/context";
import { groupMine, nextWaiting, order } from "../live/lists";

interface Options {
  customer: string;
  mine: boolean;
  /** Whether somebody may be in danger and nobody has answered. */
  alerted: boolean;
}

/** What can be done with the open conversation, besides writing in it. */
export function useActs(id: string, { customer, mine, alerted }: Options) {
  const { t } = useTranslation("desk");
  const live = useLive();
  const navigate = useNavigate();

  /** Reports success only if the connection is live; nothing is done until the server knows of it. */
  const said = (done: string) => toast(live.status.get().state === "live" ? done : t("link.later"));
  /** While somebody may be in danger and nobody has answered, the conversation does not leave the agent's hands unseen. */
  const held = alerted ? t("alert.first") : "";
  const isHeld = () => {
    if (held !== "") toast(held, "hot");
    return held !== "";
  };
  const resolve = () => {
    if (!mine || isHeld()) return;
    live.send(id, { type: "resolve" });
    said(t("resolve.done", { name: customer }));
    const lists = live.lists.get();
    const groups = lists && groupMine(lists.mine.values());
    const next = groups && (nextWaiting(groups, id) ?? order(groups).find((other) => other !== id));
    if (next) void navigate({ to: "/inbox/$conversation", params: { conversation: next }, search: {} });
  };
  const handBack = () => {
    if (!mine || isHeld()) return;
    live.send(id, { type: "hand_back" });
    if (live.status.get().state !== "live") toast(t("link.later"));
    else
      toast(t("hand_back.done", { name: customer }), "plain", {
        word: t("undo"),
        run: () => live.send(id, { type: "take" }),
      });
  };
  const take = () => {
    live.send(id, { type: "take" });
    void navigate({ to: "/inbox/$conversation", params: { conversation: id }, search: {} });
  };
  const transferTo = (to: string, name: string, note: string) => {
    live.send(id, { type: "transfer", to, ...(note ? { note } : {}) });
    said(t("transfer.done", { name }));
  };
  return { held, resolve, handBack, take, takeOver: () => live.send(id, { type: "take" }), transferTo };
}
