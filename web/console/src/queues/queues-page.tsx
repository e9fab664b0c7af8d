import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Conversation } from "@yingda/api/types";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { mostAtOnce, Several } from "../desk/several";
import { TransferDialog } from "../desk/transfer-dialog";
import { count } from "../lib/format";
import { useKeys } from "../lib/keys";
import { useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { useChosen } from "../lib/use-chosen";
import { useWide } from "../lib/use-wide";
import { useLists, useLive } from "../live/context";
import { byAge } from "../live/lists";
import { queues } from "../lib/directory";
import { Preview } from "./preview";
import { QueuePick } from "./queue-list";
import { Waiting } from "./waiting";
import "./queues.css";

const none: readonly Conversation[] = [];

/** The queues: who waits in which. */
export function QueuesPage() {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const text = useProblemText();
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/inbox/queues" });
  const lists = useLists();
  const live = useLive();
  const wide = useWide();
  const found = useQuery(queues);
  const all = found.data?.items ?? [];
  const chosen = all.find((queue) => queue.id === search.queue);
  const waiting = useMemo(() => (lists ? byAge(lists.queue.values()) : null), [lists]);
  const shown = useMemo(
    () => waiting?.filter((one) => chosen === undefined || one.queue?.id === chosen.id) ?? null,
    [waiting, chosen],
  );
  const read = useCallback(
    (id: string | null) =>
      void navigate({
        to: "/inbox/queues",
        search: ({ open: _, ...kept }) => (id === null ? kept : { ...kept, open: id }),
        replace: true,
      }),
    [navigate],
  );
  const take = useCallback(
    (id: string) => {
      live.send(id, { type: "take" });
      void navigate({ to: "/inbox/$conversation", params: { conversation: id }, search: {} });
    },
    [live, navigate],
  );
  const titleOf = useTitleOf();
  const [moving, setMoving] = useState<string | null>(null);
  const moved = moving === null ? undefined : lists?.queue.get(moving);
  const onMove = all.length > 1 ? setMoving : null;
  const several = useChosen(shown ?? none);
  const first = shown?.slice(0, mostAtOnce) ?? none;
  const isEvery = first.length > 0 && several.chosen.length === first.length;
  const move = (one: Conversation, to: string, name: string, note: string) => {
    live.send(one.id, { type: "transfer", to, ...(note ? { note } : {}) });
    const from = one.queue?.id;
    toast(
      t("moved", { name: titleOf(one), queue: name }),
      "plain",
      from === undefined
        ? null
        : { word: t("left.take_back"), run: () => live.send(one.id, { type: "transfer", to: from }) },
    );
  };
  // If there is no room beside the list, nothing is read there: the desk opens instead.
  const open = wide ? (search.open ?? null) : null;
  useKeys({
    Escape: () => {
      if (open !== null) read(null);
    },
  });

  return (
    <div className="page queues">
      <header className="page-head">
        <h1>{t("title")}</h1>
        <span className="n t3">{count(shown?.length, language)}</span>
      </header>
      <div className={open === null ? "queues-body" : "queues-body queues-reading"}>
        <QueuePick of="/inbox/queues" all={all} chosen={chosen} />
        <div className="page-body" data-pane tabIndex={-1}>
          {found.isError && (
            <p className="notice hot" role="alert">
              {text(found.error)}
            </p>
          )}
          {onMove && shown !== null && shown.length > 1 && (
            <label className="several-all">
              <input
                type="checkbox"
                checked={isEvery}
                onChange={() => (isEvery ? several.clear() : several.all(first))}
              />
              {t(shown.length > mostAtOnce ? "choose_oldest" : "choose_all", { count: first.length })}
            </label>
          )}
          <Waiting
            rows={shown}
            chosen={chosen ?? (all.length === 1 ? all[0] : undefined)}
            open={open}
            onOpen={wide ? read : null}
            selected={several.ids}
            onTake={take}
            onMove={onMove}
            onChoose={onMove && several.choose}
          />
          <Several chosen={several.chosen} onClear={several.clear} />
        </div>
        {moved?.queue && (
          <TransferDialog
            key={`move-${moved.id}`}
            open
            customer={titleOf(moved)}
            waitsIn={moved.queue.id}
            onClose={() => setMoving(null)}
            onTransfer={(to, name, note) => move(moved, to, name, note)}
          />
        )}
        {open !== null && (
          <Preview
            key={open}
            id={open}
            one={lists?.queue.get(open)}
            onTake={take}
            onMove={onMove}
            onClose={() => read(null)}
          />
        )}
      </div>
    </div>
  );
}
