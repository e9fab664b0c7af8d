import type { ConversationView } from "@yingda/api/conversation";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useLive } from "../live/context";
import { movedEvent, nearEnd, toEndEvent } from "./use-log-window";

/** Whether the bottom of the conversation, where new messages appear, is in view. */
function useAtFoot(box: RefObject<HTMLDivElement | null>) {
  const [atFoot, setAtFoot] = useState(true);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setAtFoot(element.scrollTop > -nearEnd && element.dataset.cut === undefined);
    for (const event of ["scroll", movedEvent]) element.addEventListener(event, look, { passive: true });
    return () => {
      for (const event of ["scroll", movedEvent]) element.removeEventListener(event, look);
    };
  }, [box]);
  return atFoot;
}

function useLookedAt() {
  const [looked, setLooked] = useState(() => document.hasFocus() && !document.hidden);
  useEffect(() => {
    const look = () => setLooked(document.hasFocus() && !document.hidden);
    addEventListener("focus", look);
    addEventListener("blur", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      removeEventListener("blur", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return looked;
}

/** The box in which a conversation is read: what of it is new, and what the customer is told has been read. */
export function useReading(id: string, view: ConversationView, mine: boolean) {
  const live = useLive();
  const box = useRef<HTMLDivElement>(null);
  const atFoot = useAtFoot(box);
  const looked = useLookedAt();
  const loaded = view.seq !== null;

  // What was unread when the conversation was opened stays marked until the conversation is left.
  const [unreadAfter, setUnreadAfter] = useState<{ id: string; ord: number | null } | null>(null);
  if (loaded && unreadAfter?.id !== id)
    setUnreadAfter({
      id,
      ord: view.ord.customer > view.marks.staff.read && view.marks.staff.read > 0 ? view.marks.staff.read : null,
    });

  const { customer: lastOfCustomer } = view.ord;
  const read = view.marks.staff.read;
  useEffect(() => {
    if (!loaded || !mine || lastOfCustomer === 0) return;
    live.mark(id, lastOfCustomer, looked && atFoot ? lastOfCustomer : read);
  }, [live, id, loaded, mine, lastOfCustomer, read, looked, atFoot]);

  return {
    box,
    atFoot,
    /** The number of the customer's last message that had been read before; null if there was nothing new. */
    unreadAfter: unreadAfter?.ord ?? null,
    toFoot: () => {
      box.current?.scrollTo({ top: 0 });
      box.current?.dispatchEvent(new Event(toEndEvent));
    },
  };
}
