import { Button, Input } from "@yingda/antd";
import type { ConversationView } from "@yingda/api/conversation";
import { pressed } from "@yingda/api/keys";
import { useEffect, useState, type KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { count } from "../lib/format";
import { Icon } from "../lib/icon";
import { useFolded } from "../lib/normal";
import { usePrefs } from "../lib/prefs";
import { foundIn } from "./find-words";
import "./find-strip.css";

interface Found {
  /** what was looked for, in its normal form */
  wanted: string;
  /** the numbers of the entries, the latest first */
  seqs: readonly number[];
  /** whether all entries have been searched */
  done: boolean;
}
const nothing: Found = { wanted: "", seqs: [], done: true };

/** The entries with these words, searched from the end while the page goes on. */
function useFound({ entries }: ConversationView, words: string): Found {
  const fold = useFolded();
  const [found, setFound] = useState<Found>(nothing);
  const wanted = fold(words);
  useEffect(() => {
    if (wanted === "") return;
    const steps = foundIn(entries, wanted, fold);
    const seqs: number[] = [];
    let later: ReturnType<typeof setTimeout>;
    const step = () => {
      const next = steps.next();
      if (!next.done) seqs.push(...next.value);
      const done = next.done === true;
      // What was found before stays until all entries have been searched again.
      setFound((now) => (done || now.wanted !== wanted || !now.done ? { wanted, seqs: [...seqs], done } : now));
      if (!done) later = setTimeout(step);
    };
    later = setTimeout(step);
    return () => clearTimeout(later);
  }, [entries, wanted, fold]);
  return wanted === "" ? nothing : found.wanted === wanted ? found : { wanted, seqs: [], done: false };
}

interface Props {
  view: ConversationView;
  /** fetches earlier entries; null if there are none, or they are on their way */
  onEarlier: (() => void) | null;
  onShow(seq: number): void;
  onClose(): void;
}

/** Searches the open conversation: Enter goes to the message before, with Shift to the one after. */
export function FindStrip({ view, onEarlier, onShow, onClose }: Props) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const [words, setWords] = useState("");
  /** the number of the entry that is shown */
  const [at, setAt] = useState<number | null>(null);
  const { wanted, seqs, done } = useFound(view, words);
  const place = at === null ? -1 : seqs.indexOf(at);
  const go = (by: 1 | -1) => {
    const seq = seqs[(place + (place === -1 && by === -1 ? 0 : by) + seqs.length) % seqs.length];
    if (seq === undefined) return;
    setAt(seq);
    onShow(seq);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = pressed(event);
    if (key === "Escape") {
      event.preventDefault();
      onClose();
    }
    if (key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    }
  };
  return (
    <div className="find-strip" role="search" onKeyDown={onKeyDown}>
      <Input
        autoFocus
        type="search"
        size="small"
        maxLength={200}
        prefix={<Icon name="search" />}
        aria-label={t("find")}
        placeholder={t("find")}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setAt(null);
        }}
      />
      <span className="s2 t3 n nowrap" role="status">
        {wanted !== "" &&
          (seqs.length > 0
            ? t("find.place", { place: count(place + 1, language), total: count(seqs.length, language) })
            : t(done ? "find.none" : "find.looking"))}
      </span>
      {wanted !== "" && done && onEarlier && (
        <Button size="small" onClick={onEarlier}>
          {t("conversation.older")}
        </Button>
      )}
      <button
        type="button"
        className="ib s find-before"
        aria-label={t("find.before")}
        disabled={seqs.length === 0}
        onClick={() => go(1)}
      >
        <Icon name="down" />
      </button>
      <button
        type="button"
        className="ib s"
        aria-label={t("find.after")}
        disabled={seqs.length === 0}
        onClick={() => go(-1)}
      >
        <Icon name="down" />
      </button>
      <button type="button" className="ib s" aria-label={t("find.close")} onClick={onClose}>
        <Icon name="close" />
      </button>
    </div>
  );
}
