import { Button } from "@yingda/antd";
import type { ConversationView } from "@yingda/api/conversation";
import { signPressed } from "@yingda/api/keys";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { dayOf } from "../lib/format";
import { prefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useLive, useStatus } from "../live/context";
import { useQueueName } from "./queue-name";
import { readTranscript, reuse, type Segment } from "./transcript";
import type { Edit } from "./transcript-props";
import { TranscriptView } from "./transcript-view";
import type { Uploading } from "./uploads";

/** The number of entries drawn at first, and added each time the user reads back. */
const page = 50;
/** When reading back, older entries are fetched this many pixels before they are needed. */
const ahead = 600;

/** The segments of a transcript; each stays the same object as long as its content is the same. */
export function useSegments(
  view: ConversationView,
  from: number,
  unreadAfter: number | null,
  uploads: readonly Uploading[],
): readonly Segment[] {
  const me = useMe();
  const { entries, pending, state, gone } = view;
  const before = useRef<readonly Segment[]>([]);
  const segments = useMemo(() => {
    // A file being uploaded has its own row while this page is open.
    const uploading = new Set(uploads.map((one) => one.remembered));
    const words = {
      entries: gone === null ? entries : [],
      pending: pending.filter((one) => !uploading.has(one.client_id)),
      state,
    };
    return reuse(
      before.current,
      readTranscript(words, { agent: me.agent, unreadAfter, from, dayOf: (at) => dayOf(at, me.time_zone) }),
    );
  }, [entries, pending, state, gone, uploads, me.agent, me.time_zone, unreadAfter, from]);
  useEffect(() => {
    before.current = segments;
  });
  return segments;
}

/** The number of the first entry drawn, and a function to go back further. Entries that are needed and not loaded are requested, again after a reconnect. */
function useReadBack(id: string, view: ConversationView) {
  const live = useLive();
  const linked = useStatus().state === "live";
  const [from, setFrom] = useState<number | null>(null);
  const loaded = view.seq !== null;
  const first = view.entries[0]?.seq ?? 1;
  const last = view.entries.at(-1)?.seq ?? 0;
  if (loaded && (from === null || from > Math.max(first, last))) setFrom(Math.max(first, last - page + 1));
  const missing = from === null ? 0 : Math.max(0, first - from);
  useEffect(() => {
    if (linked && missing > 0) live.older(id, missing);
  }, [live, id, linked, missing]);
  const older = () => {
    if (missing > 0) live.older(id, missing);
    else if (from !== null) setFrom(Math.max(1, from - page));
  };
  return {
    from: from ?? first,
    waiting: missing > 0,
    more: loaded && from !== null && (from > 1 || missing > 0),
    older,
  };
}

interface Props {
  id: string;
  view: ConversationView;
  customer: string;
  unreadAfter: number | null;
  uploads: readonly Uploading[];
  box: RefObject<HTMLDivElement | null>;
  onEdit: Edit;
}

/** The messages with their answer line. Older messages are loaded as the user reads back; J and K move from message to message. */
export function ConversationLog({ id, view, customer, unreadAfter, uploads, box, onEdit }: Props) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const queueName = useQueueName();
  const { from, waiting, more, older } = useReadBack(id, view);
  const segments = useSegments(view, from, unreadAfter, uploads);
  const loaded = view.seq !== null;

  const onScroll = () => {
    const { current } = box;
    // The list is anchored at its bottom: scrollTop is 0 there and decreases towards the top.
    if (current && more && !waiting && current.scrollHeight - current.clientHeight + current.scrollTop < ahead) older();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = signPressed(event);
    const step = key === "j" ? 1 : key === "k" ? -1 : 0;
    if (step === 0 || event.altKey || event.ctrlKey || event.metaKey || !prefs.get().letterKeys) return;
    const said = [...(box.current?.querySelectorAll<HTMLElement>(".said, .note") ?? [])];
    const at = said.findIndex((one) => one.contains(document.activeElement));
    if (at === 0 && step === -1 && more) older();
    event.preventDefault();
    said[at === -1 ? said.length - 1 : Math.max(0, Math.min(said.length - 1, at + step))]?.focus();
  };

  return (
    <div
      className="conversation-scroll scroll"
      ref={box}
      tabIndex={0}
      role="log"
      aria-label={t("conversation.log", { name: customer })}
      aria-relevant="additions"
      onScroll={onScroll}
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
          view={view}
          conversation={id}
          customer={customer}
          zone={me.time_zone}
          uploads={uploads}
          queueName={queueName}
          onEdit={onEdit}
        />
      </div>
    </div>
  );
}
