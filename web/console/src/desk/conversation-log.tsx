import { Button } from "@yingda/antd";
import { useSearch } from "@tanstack/react-router";
import type { ConversationView } from "@yingda/api/conversation";
import { signPressed } from "@yingda/api/keys";
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { dayOf } from "../lib/format";
import { say } from "../lib/i18n";
import { prefs, usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { isDrawn } from "./log-window";
import { onlyRead, type SaidActs } from "./own-words";
import { useQueueName } from "./queue-name";
import { readTranscript, reuse, type Segment } from "./transcript";
import type { Edit } from "./transcript-props";
import { TranscriptView } from "./transcript-view";
import type { Uploading } from "./uploads";
import { useFind } from "./use-find";
import { useHeldAt } from "./use-held-at";
import { useLogKeys } from "./use-log-keys";
import { useLogWindow } from "./use-log-window";

/** The segments of a transcript; each stays the same object as long as its content is the same. */
export function useSegments(
  view: ConversationView,
  { from, until }: { from: number; until: number | null },
  unreadAfter: number | null,
): readonly Segment[] {
  const me = useMe();
  const { language } = usePrefs();
  const { entries, pending, state, gone } = view;
  const before = useRef<readonly Segment[]>([]);
  const segments = useMemo(() => {
    return reuse(
      before.current,
      readTranscript(
        { entries: gone === null ? entries : [], pending, state },
        {
          agent: me.agent,
          unreadAfter,
          from,
          until,
          dayOf: (at) => dayOf(at, me.time_zone),
          say: (text) => say(text, language),
        },
      ),
    );
  }, [entries, pending, state, gone, me.agent, me.time_zone, unreadAfter, from, until, language]);
  useEffect(() => {
    before.current = segments;
  });
  return segments;
}

const noUploads: readonly Uploading[] = [];

/** The message to go to: a quoted one that was pressed last, or the one that the address names; a press is forgotten where the address names another. */
function useSought(id: string, named: number | undefined) {
  const [pressed, setPressed] = useState<{ id: string; named: number | undefined; seq: number } | null>(null);
  const showing = useRef<(seq: number) => void>(() => undefined);
  const goTo = useCallback(
    (seq: number) => {
      showing.current(seq);
      setPressed({ id, named, seq });
    },
    [id, named],
  );
  const sought = pressed?.id === id && pressed.named === named ? pressed : null;
  return { note: sought?.seq ?? named, sought, goTo, showing };
}

/** Quotes the message that has the focus. */
function quoteFocused(event: KeyboardEvent, acts: SaidActs) {
  const focused = document.activeElement?.closest<HTMLElement>("[data-seq]");
  if (!focused || focused.querySelector(".said-acts") === null) return;
  event.preventDefault();
  acts.quote(Number(focused.dataset.seq), focused.classList.contains("note"));
}

interface Props {
  id: string;
  view: ConversationView;
  customer: string;
  unreadAfter: number | null;
  uploads: readonly Uploading[];
  box: RefObject<HTMLDivElement | null>;
  onEdit: Edit;
  /** What can be done with what was said; nothing where it is only read. */
  acts?: SaidActs;
}

/** The messages with their answer line. Older messages are loaded as the user reads back; J and K move from message to message. */
export function ConversationLog({ id, view, customer, unreadAfter, uploads, box, onEdit, acts = onlyRead }: Props) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const queueName = useQueueName();
  // It also stands beside lists of other areas, whose addresses name no note.
  const named = useSearch({ strict: false }).note;
  const { note, sought, goTo, showing } = useSought(id, named);
  const part = useLogWindow(id, view, note, box);
  const { from, until, waiting, more, cut, older } = part;
  useEffect(() => {
    showing.current = part.show;
  });
  const find = useFind(view, box, part);
  const segments = useSegments(view, part, unreadAfter);
  const loaded = view.seq !== null;
  const shown = note !== undefined && loaded && isDrawn({ from, until }, note) && !waiting;
  const held = useHeldAt(id, shown ? note : undefined, sought, box);
  const onKey = useLogKeys(box, part);
  const onKeyDown = (event: KeyboardEvent) => {
    held.release();
    const isLetter = !event.altKey && !event.ctrlKey && !event.metaKey && prefs.get().letterKeys;
    if (isLetter && signPressed(event) === "q" && acts.writes) quoteFocused(event, acts);
    else onKey(event);
  };
  return (
    <>
      {find}
      <div
        className="conversation-scroll scroll"
        ref={box}
        tabIndex={0}
        role="log"
        aria-label={t("conversation.log", { name: customer })}
        aria-relevant="additions"
        aria-live={cut ? "off" : undefined}
        data-cut={cut || undefined}
        onScroll={part.onScroll}
        onWheel={held.release}
        onPointerDown={held.release}
        onTouchMove={held.release}
        onKeyDown={onKeyDown}
      >
        <div className="conversation-inner">
          {more && (
            <div className="conversation-older">
              <Button size="small" aria-busy={waiting} onClick={older}>
                {t("conversation.older")}
              </Button>
            </div>
          )}
          {!loaded && (
            <div className="list-skeleton" aria-hidden="true">
              {[0, 1, 2].map((row) => (
                <div key={row}>
                  <span className="skeleton" />
                  <span>
                    <span className="skeleton" />
                    <span className="skeleton" />
                  </span>
                </div>
              ))}
            </div>
          )}
          <TranscriptView
            segments={segments}
            view={cut ? { ...view, pending: [], typing: null } : view}
            conversation={id}
            customer={customer}
            zone={me.time_zone}
            uploads={cut ? noUploads : uploads}
            queueName={queueName}
            onEdit={onEdit}
            acts={acts}
            goTo={goTo}
          />
        </div>
      </div>
    </>
  );
}
