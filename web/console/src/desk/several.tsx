import { Button, Dialog } from "@yingda/antd";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import type { Conversation, TransferResult } from "@yingda/api/types";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useChange, useRefused } from "../lib/mutations";
import { useTitleOf } from "../lib/people";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { useLists } from "../live/context";
import { TransferDialog } from "./transfer-dialog";
import "./several.css";

/** The most conversations that the server transfers at once. */
export const mostAtOnce = 100;

type Transfers = Body<"POST", "/conversation-transfers">;

const useTransferSeveral = () =>
  useChange([["floor"], ["colleagues"], ["queues"]], (body: Transfers) =>
    call("POST", "/conversation-transfers", { body }),
  );

/** Whether it waits in a queue, and can only go to another one. */
const isWaiting = ({ state }: Conversation) => state === "queued" || state === "offered";

/** Which of these conversations wait in which queue. */
function byQueue(some: readonly Conversation[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const one of some) {
    if (!isWaiting(one) || !one.queue) continue;
    found.set(one.queue.id, [...(found.get(one.queue.id) ?? []), one.id]);
  }
  return found;
}

/** The queue in which all of them wait; empty if they wait in several. */
const queueOf = (some: readonly Conversation[]) => {
  const [first, ...others] = new Set(some.map((one) => (isWaiting(one) ? (one.queue?.id ?? "") : "")));
  return others.length === 0 ? (first ?? "") : "";
};

/** What became of those that could not be transferred. */
interface Refused {
  to: string;
  done: number;
  left: readonly { title: string; code: NonNullable<TransferResult["code"]> }[];
  /** Takes back those that were transferred; null if that is not possible. */
  undo: (() => void) | null;
}

/** Says which conversations stayed where they are, and why. */
function Stayed({ to, done, left, undo, onClose }: Refused & { onClose(): void }) {
  const { t } = useTranslation("desk");
  const text = useProblemText();
  return (
    <Dialog
      open
      title={t("several.stayed", { count: left.length })}
      closeLabel={t("close")}
      onClose={onClose}
      footer={
        <>
          {undo && (
            <Button
              onClick={() => {
                onClose();
                undo();
              }}
            >
              {t("several.undo")}
            </Button>
          )}
          <Button type="primary" autoFocus onClick={onClose}>
            {t("close")}
          </Button>
        </>
      }
    >
      {done > 0 && <p role="status">{t("several.done", { count: done, name: to })}</p>}
      <ul className="several-stayed">
        {left.map(({ title, code }, at) => (
          <li key={at}>
            <b dir="auto">{title}</b>
            <span className="s2 t2">{text(code)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** What is done with the conversations that are chosen in a list: they are all transferred at once. Nothing while none is chosen. */
export function Several({
  chosen,
  onClear,
}: {
  /** The chosen ones that are still in the list. */
  chosen: readonly Conversation[];
  onClear(): void;
}) {
  const { t } = useTranslation("desk");
  const titleOf = useTitleOf();
  const refuse = useRefused();
  const transfer = useTransferSeveral();
  const [open, setOpen] = useState(false);
  const [stayed, setStayed] = useState<Refused | null>(null);
  const lists = useLists();
  const now = useRef(lists);
  useEffect(() => {
    now.current = lists;
  });
  // What is chosen can leave the list while the dialog is open, which then does not open again by itself.
  if (open && chosen.length === 0) setOpen(false);
  const leftOf = (items: readonly TransferResult[], some: readonly Conversation[]) =>
    items.flatMap(({ conversation, code }) => {
      const one = some.find(({ id }) => id === conversation);
      return code !== null && one ? [{ title: titleOf(one), code }] : [];
    });
  /** Returns to their queues those that still wait where they were transferred to: who has been answered by now stays. */
  const back = async (some: readonly Conversation[], to: string) => {
    const waiting = some.filter(({ id }) => now.current?.queue.get(id)?.queue?.id === to);
    const items: TransferResult[] = [];
    try {
      for (const [queue, conversations] of byQueue(some.filter((one) => waiting.includes(one))))
        items.push(...(await transfer.mutateAsync({ conversations, queue })).items);
    } catch (error) {
      refuse(error);
      return;
    }
    const left = leftOf(items, some);
    const done = items.length - left.length;
    if (left.length > 0) setStayed({ to: "", done: 0, left, undo: null });
    else toast(t("several.undone", { count: done }));
  };
  const run = (to: string, name: string, note: string) =>
    transfer.mutate(
      {
        conversations: chosen.map(({ id }) => id),
        ...(to.startsWith("que_") ? { queue: to } : { agent: to }),
        ...(note === "" ? {} : { note }),
      },
      {
        onError: refuse,
        onSuccess({ items }) {
          const moved = new Set(items.filter((one) => one.code === null).map((one) => one.conversation));
          const left = leftOf(items, chosen);
          const waited = chosen.filter((one) => moved.has(one.id) && isWaiting(one));
          const undo = waited.length === 0 ? null : () => void back(waited, to);
          onClear();
          if (left.length > 0) setStayed({ to: name, done: moved.size, left, undo });
          else
            toast(
              t("several.done", { count: moved.size, name }),
              "plain",
              undo && { word: t("several.undo"), undoes: true, run: undo },
            );
        },
      },
    );
  return (
    <>
      {chosen.length > 0 && (
        <div className="several row wrap" role="group" aria-label={t("several.acts")}>
          <b className="n" role="status">
            {t("several.chosen", { count: chosen.length })}
          </b>
          {chosen.length > mostAtOnce && <span className="s2 warn">{t("several.most", { count: mostAtOnce })}</span>}
          <span className="grow" />
          <Button
            type="primary"
            disabled={chosen.length > mostAtOnce}
            loading={transfer.isPending}
            onClick={() => setOpen(true)}
          >
            {t("several.transfer")}
          </Button>
          <Button onClick={onClear}>{t("several.clear")}</Button>
        </div>
      )}
      {open && (
        <TransferDialog
          open
          title={t("several.title", { count: chosen.length })}
          customer=""
          waitsIn={chosen.some(isWaiting) ? queueOf(chosen) : undefined}
          onClose={() => setOpen(false)}
          onTransfer={(to, name, note) => {
            setOpen(false);
            run(to, name, note);
          }}
        />
      )}
      {stayed && <Stayed {...stayed} onClose={() => setStayed(null)} />}
    </>
  );
}
