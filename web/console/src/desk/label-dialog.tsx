import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { pressed } from "@yingda/api/keys";
import type { LabelRef } from "@yingda/api/types";
import { useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { LabelTag } from "../labels/label-tag";
import { labels } from "../labels/queries";
import { useFolded } from "../lib/normal";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { soundsAt } from "../lib/sounds";

interface LabelDialogProps {
  given: readonly LabelRef[];
  onClose(): void;
  onLabel(ids: string[]): void;
}

/** What the conversation is about: one field that finds labels by name or sound; Enter gives the first that is found, or takes it off. */
export function LabelDialog({ given, onClose, onLabel }: LabelDialogProps) {
  const { t } = useTranslation("desk");
  const text = useProblemText();
  const fold = useFolded();
  const found = useQuery(labels);
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState(() => given.map(({ id }) => id));
  const words = fold(wanted);
  const likely = found.data?.likely ?? [];
  const place = (id: string) => (likely.includes(id) ? likely.indexOf(id) : likely.length);
  const shown = (found.data?.items ?? [])
    .filter((one) => one.archived_at === null || given.some(({ id }) => id === one.id))
    .filter(
      (one) => [one.name.zh, one.name.en].some((name) => fold(name).includes(words)) || soundsAt(words, one.sound) >= 0,
    )
    .sort((a, b) => place(a.id) - place(b.id));
  const toggle = (id: string) =>
    setChosen((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
  const save = () => {
    onClose();
    const before = given.map(({ id }) => id);
    if (chosen.length !== before.length || chosen.some((id) => !before.includes(id))) onLabel(chosen);
  };
  const onEnter = (event: KeyboardEvent) => {
    if (pressed(event) !== "Enter") return;
    event.preventDefault();
    const [first] = shown;
    if (wanted === "" || !first) save();
    else {
      toggle(first.id);
      setWanted("");
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("label.title")}
      closeLabel={t("close")}
      footer={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="primary" onClick={save}>
            {t("label.save")}
          </Button>
        </>
      }
    >
      <Input
        autoFocus
        value={wanted}
        placeholder={t("label.search")}
        aria-label={t("label.search")}
        onChange={(event) => setWanted(event.target.value)}
        onKeyDown={onEnter}
        allowClear
      />
      {found.isError && (
        <p className="notice hot" role="alert">
          {text(found.error)}
        </p>
      )}
      <div role="group" aria-label={t("label.title")} className="transfer-list">
        {shown.map((one) => (
          <label key={one.id} className="y-menu-item">
            <input type="checkbox" checked={chosen.includes(one.id)} onChange={() => toggle(one.id)} />
            <LabelTag label={one} />
          </label>
        ))}
        {found.data && shown.length === 0 && <p className="empty">{t("label.nothing")}</p>}
      </div>
    </Dialog>
  );
}

interface LikelyProps {
  customer: string;
  /** At most three. */
  likely: readonly LabelRef[];
  onClose(): void;
  onResolve(label: string | null): void;
}

/** Before a conversation without a label is resolved: the labels that the agent gives most often, by the keys 1 to 3; Enter resolves it without one. */
export function LikelyLabels({ customer, likely, onClose, onResolve }: LikelyProps) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const onKey = (event: KeyboardEvent) => {
    const chosen = likely[Number(pressed(event)) - 1];
    if (!chosen) return;
    event.preventDefault();
    onResolve(chosen.id);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("label.likely", { name: customer })}
      closeLabel={t("close")}
      footer={
        <Button type="primary" autoFocus onClick={() => onResolve(null)} onKeyDown={onKey}>
          {t("label.without")}
        </Button>
      }
    >
      <ul onKeyDown={onKey}>
        {likely.map((one, index) => (
          <li key={one.id}>
            <button
              type="button"
              className="y-menu-item"
              aria-label={say(one.name, language)}
              onClick={() => onResolve(one.id)}
            >
              <kbd>{index + 1}</kbd>
              <LabelTag label={one} />
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
