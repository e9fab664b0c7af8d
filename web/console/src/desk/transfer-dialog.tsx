import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { useFolded } from "../lib/normal";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { colleagues } from "../lib/directory";
import { shownState } from "./shapes";
import { AgentRow, QueueRow, type Target } from "./transfer-rows";

export interface TransferProps {
  open: boolean;
  customer: string;
  /** the queue it waits in, if it does; it can then be moved to a different queue only, not to an agent */
  waitsIn?: string;
  onClose(): void;
  onTransfer(to: string, name: string, note: string): void;
}

const words = {
  transfer: { title: "transfer.title", search: "transfer.search", nobody: "transfer.nobody", to: "transfer.to" },
  move: { title: "move.title", search: "move.search", nobody: "move.nobody", to: "move.to" },
} as const;

/** Transfers a conversation to a colleague or a queue: one field, the free slots and the wait beside each name, an optional note. */
export function TransferDialog({ open, customer, waitsIn, onClose, onTransfer }: TransferProps) {
  const { t } = useTranslation("desk");
  const said = waitsIn === undefined ? words.transfer : words.move;
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const search = useId();
  const [wanted, setWanted] = useState("");
  const [to, setTo] = useState<Target | null>(null);
  const [note, setNote] = useState("");
  const everyone = useQuery({ ...colleagues, enabled: open, refetchInterval: open ? 5000 : false });

  const fold = useFolded();
  const matches = (...names: string[]) => wanted === "" || fold(names.join(" ")).includes(fold(wanted));
  const rank = { available: 0, full: 1, break: 2, offline: 3 };
  const agents = (waitsIn === undefined ? (everyone.data?.agents ?? []) : [])
    .filter((one) => one.id !== me.agent && matches(one.name, one.number))
    .map((one) => ({ ...one, shown: shownState(one.state, one.open, one.capacity) }))
    .sort((a, b) => rank[a.shown] - rank[b.shown] || a.open - b.open || a.name.localeCompare(b.name, language));
  const queues = (everyone.data?.queues ?? []).filter((one) => one.id !== waitsIn && matches(one.name.zh, one.name.en));

  const close = () => {
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

  return (
    <Dialog
      open={open}
      onClose={close}
      title={t(said.title, { name: customer })}
      closeLabel={t("close")}
      footer={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button type="primary" disabled={!to} onClick={submit}>
            {to ? t(said.to, { name: to.name }) : t("transfer.choose")}
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
          allowClear
        />
        {everyone.isError && (
          <p className="notice hot" role="alert">
            {text(everyone.error)}
          </p>
        )}
        <div role="radiogroup" aria-label={t("transfer.whom")} className="transfer-list">
          {queues.map((queue) => (
            <QueueRow key={queue.id} queue={queue} chosen={to?.id === queue.id} onChoose={setTo} />
          ))}
          {agents.map((agent) => (
            <AgentRow key={agent.id} agent={agent} chosen={to?.id === agent.id} onChoose={setTo} />
          ))}
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
