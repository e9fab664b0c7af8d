import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { pressed } from "@yingda/api/keys";
import { useId, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { say } from "../lib/i18n";
import { useFolded } from "../lib/normal";
import { soundsAt } from "../lib/sounds";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { colleagues } from "../lib/directory";
import { useUnsaved } from "../lib/unsaved";
import { AgentRow, isReachable, QueueRow, type Target } from "./transfer-rows";

export interface TransferProps {
  open: boolean;
  customer: string;
  /** what the dialog is called, if it is about more than one customer */
  title?: string;
  /** the queue it waits in, if it does; it can then be moved to a different queue only, not to an agent unless `mayAssign` says so */
  waitsIn?: string | undefined;
  /** somebody who waits can be given to an agent */
  mayAssign?: boolean;
  onClose(): void;
  onTransfer(to: string, name: string, note: string): void;
}

const texts = {
  transfer: {
    title: "transfer.title",
    search: "transfer.search",
    nobody: "transfer.nobody",
    to: "transfer.to",
    anyway: "transfer.anyway",
  },
  move: {
    title: "move.title",
    search: "move.search",
    nobody: "move.nobody",
    to: "move.to",
    anyway: "move.anyway",
  },
} as const;

/** Transfers a conversation to a colleague or a queue: one field, the free slots and the wait beside each name, an optional note. */
export function TransferDialog({
  open,
  customer,
  title,
  waitsIn,
  mayAssign = false,
  onClose,
  onTransfer,
}: TransferProps) {
  const { t } = useTranslation("desk");
  const toAgents = waitsIn === undefined || mayAssign;
  const said = toAgents ? texts.transfer : texts.move;
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const search = useId();
  const [wanted, setWanted] = useState("");
  const [to, setTo] = useState<Target | null>(null);
  const [note, setNote] = useState("");
  const over = useUnsaved(open && note.trim() !== "");
  const everyone = useQuery({ ...colleagues, enabled: open, refetchInterval: open ? 5000 : false });

  const fold = useFolded();
  const words = fold(wanted);
  const matches = (...names: string[]) => names.some((name) => fold(name).includes(words));
  const rank = { available: 0, full: 1, busy: 2, break: 3, unreachable: 4, offline: 5 };
  const agents = (toAgents ? (everyone.data?.agents ?? []) : [])
    .filter((one) => one.id !== me.agent && (matches(one.name, one.number) || soundsAt(words, one.sound) >= 0))
    .sort((a, b) => rank[a.standing] - rank[b.standing] || a.open - b.open || a.name.localeCompare(b.name, language));
  const queues = (everyone.data?.queues ?? []).filter((one) => one.id !== waitsIn && matches(one.name.zh, one.name.en));
  const [staffed, unstaffed] = [true, false].map((is) =>
    queues.filter((one) => one.staffed === is).sort((a, b) => b.free_slots - a.free_slots),
  ) as [typeof queues, typeof queues];
  /** What can be chosen, as it is listed: where somebody is first. */
  const hits: Target[] = [
    ...staffed.map(({ id, name }) => ({ id, name: say(name, language) })),
    ...agents.filter(isReachable).map(({ id, name }) => ({ id, name })),
    ...unstaffed.map(({ id, name }) => ({ id, name: say(name, language), unstaffed: true })),
  ];

  const close = () => {
    over();
    setWanted("");
    setTo(null);
    setNote("");
    onClose();
  };
  const submit = () => {
    if (!to) return;
    onTransfer(to.id, to.name, note.trim());
    close();
  };

  /** Enter in the search takes the first hit, and once more transfers to it. */
  const onEnter = (event: KeyboardEvent) => {
    if (pressed(event) !== "Enter") return;
    event.preventDefault();
    const [first] = hits;
    if (to && hits.some(({ id }) => id === to.id)) submit();
    else if (first) setTo(first);
  };
  const row = (queue: (typeof queues)[number]) => (
    <QueueRow key={queue.id} queue={queue} chosen={to?.id === queue.id} onChoose={setTo} />
  );

  return (
    <Dialog
      open={open}
      onClose={close}
      title={title ?? t(said.title, { name: customer })}
      closeLabel={t("close")}
      footer={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button type="primary" disabled={!to} onClick={submit}>
            {to ? t(to.unstaffed ? said.anyway : said.to, { name: to.name }) : t("transfer.choose")}
          </Button>
        </>
      }
    >
      <div className="transfer">
        <label className="sr" htmlFor={search}>
          {t(said.search)}
        </label>
        <Input
          id={search}
          autoFocus
          value={wanted}
          placeholder={t(said.search)}
          onChange={(event) => setWanted(event.target.value)}
          onKeyDown={onEnter}
          allowClear
        />
        {everyone.isError && (
          <p className="notice hot" role="alert">
            {text(everyone.error)}
          </p>
        )}
        <div role="radiogroup" aria-label={t("transfer.whom")} className="transfer-list">
          {staffed.map(row)}
          {agents.map((agent) => (
            <AgentRow key={agent.id} agent={agent} chosen={to?.id === agent.id} onChoose={setTo} />
          ))}
          {unstaffed.map(row)}
          {everyone.data && agents.length + queues.length === 0 && <p className="empty">{t(said.nobody)}</p>}
        </div>
        <Field label={t("transfer.note")}>
          {(ids) => (
            <Input.TextArea
              {...ids}
              rows={2}
              maxLength={2000}
              value={note}
              placeholder={t("transfer.note_placeholder")}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
