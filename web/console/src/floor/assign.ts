import type { Conversation, SendBody } from "@yingda/api/types";
import { useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { useTitleOf } from "../lib/people";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { unanswered } from "../live/asked";
import { useLive } from "../live/context";

/** Somebody who can be given a conversation, or a queue. */
export interface Place {
  id: string;
  name: string;
}

const isWaiting = ({ state }: Conversation) => state === "queued" || state === "offered";

/**
 * Gives a conversation to somebody, or moves it to a queue. Nobody can transfer what nobody has: somebody who waits is answered first, and then transferred; if
 * the second is refused, the conversation stays with whoever answered, and they are told so.
 */
export function useAssign() {
  const { t } = useTranslation("floor");
  const live = useLive();
  const me = useMe();
  const text = useProblemText();
  const titleOf = useTitleOf();
  return async (one: Conversation, to: Place, note = "") => {
    const why = (code: string) => text(code === unanswered ? "network" : code);
    /** What is not answered in time is not sent any more, unless it was already. */
    const ask = async (body: SendBody) => {
      const over = new AbortController();
      const code = await live.ask(one.id, body, over.signal);
      if (code === unanswered) over.abort();
      return code;
    };
    const name = titleOf(one);
    if (isWaiting(one) && to.id.startsWith("agt_")) {
      const refused = await ask({ type: "take" });
      if (refused !== null) return toast(t("assign.refused", { name, why: why(refused) }), "hot");
    }
    if (to.id !== me.agent) {
      const refused = await ask({ type: "transfer", to: to.id, ...(note ? { note } : {}) });
      if (refused !== null) {
        const said = isWaiting(one) && to.id.startsWith("agt_") ? "assign.yours" : "assign.refused";
        return toast(t(said, { name, to: to.name, why: why(refused) }), "hot");
      }
    }
    toast(t("reassigned", { name, to: to.name }));
  };
}

/** Of our own, so that nothing else takes it. */
const kind = "application/x-yingda-conversation";
const isOurs = ({ dataTransfer }: DragEvent) => [...dataTransfer.types].includes(kind);

/** Somebody who waits, dragged onto an agent or a queue. Whoever does not wait any more is not moved. */
export function useDragged(waiting: readonly Conversation[], assign: (one: Conversation, to: Place) => void) {
  const [id, setDragged] = useState<string | null>(null);
  const dragged = waiting.find((one) => one.id === id) ?? null;
  const [over, setOver] = useState<string | null>(null);
  const end = () => {
    setDragged(null);
    setOver(null);
  };
  return {
    dragged,
    /** The id of the place over which it is held. */
    over,
    source: (one: Conversation) => ({
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer.setData(kind, one.id);
        event.dataTransfer.effectAllowed = "move";
        setDragged(one.id);
      },
      onDragEnd: end,
    }),
    /** Where it can be dropped; `at` finds the place below the pointer, and null where it cannot be. */
    target: (at: (event: DragEvent) => Place | null) => ({
      onDragOver: (event: DragEvent) => {
        const place = dragged && isOurs(event) ? at(event) : null;
        setOver(place?.id ?? null);
        if (place) event.preventDefault();
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(null);
      },
      onDrop: (event: DragEvent) => {
        const place = dragged && isOurs(event) ? at(event) : null;
        if (!dragged || !place) return end();
        event.preventDefault();
        assign(dragged, place);
        end();
      },
    }),
  };
}
export type Dragged = ReturnType<typeof useDragged>;
