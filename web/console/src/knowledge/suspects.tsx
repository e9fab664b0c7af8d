import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { SettleSuspect, SuspectPhrasing } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { suspects, useSearchSuspects, useSettleSuspect } from "./queries";
import type { Undone } from "./undo";

interface SuspectsProps {
  onUndo(undo: Undone): void;
  onOpen(id: string): void;
}

/** Phrasings that probably belong to another question: each stays, is moved, or is removed. A queue that can be finished. */
export function Suspects({ onUndo, onOpen }: SuspectsProps) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const text = useProblemText();
  const list = useQuery(suspects);
  const search = useSearchSuspects();
  const now = list.data;
  const items = now?.items ?? [];
  const running = now?.run?.state === "running" || search.isPending;
  return (
    <section className="kn-proposed" aria-label={t("suspects")} data-pane tabIndex={-1}>
      <header className="row wrap">
        <h2>{t("suspects")}</h2>
        <span className="t3">{count(items.length, language)}</span>
        <span className="grow" />
        <Button
          loading={running}
          onClick={() => search.mutate(undefined, { onError: (error) => toast(text(error), "hot") })}
        >
          {t("suspects.search")}
        </Button>
      </header>
      <p className="s2 t2">{t("suspects.what")}</p>
      <Failed of={list} />
      {running && now?.run && (
        <div className="kn-progress" role="status">
          <progress
            max={Math.max(1, now.run.total)}
            value={now.run.done > 0 ? now.run.done : undefined}
            aria-label={t("suspects.progress")}
          />
          <span className="s2">{t("suspects.running", { done: now.run.done, total: now.run.total })}</span>
        </div>
      )}
      {now?.run?.state === "failed" && <p className="notice warn">{t("check.failed")}</p>}
      {now && !running && now.run && !now.fresh && (
        <p className="notice" role="status">
          {t("suspects.stale")}
        </p>
      )}
      {list.isPending && (
        <div role="status" aria-label={t("loading")}>
          {[1, 2, 3].map((n) => (
            <span key={n} className="skeleton kn-skeleton-tall" />
          ))}
        </div>
      )}
      {now && !running && items.length === 0 && (
        <div className="empty">
          <p>{now.run ? t("suspects.none") : t("suspects.never")}</p>
          <p>{now.run ? t("suspects.searched", { count: now.searched }) : t("suspects.never_what")}</p>
        </div>
      )}
      <ul className="kn-groups-list">
        {items.map((one) => (
          <Suspect key={`${one.entry} ${one.text}`} suspect={one} onUndo={onUndo} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  );
}

function Suspect({ suspect, onUndo, onOpen }: SuspectsProps & { suspect: SuspectPhrasing }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const problem = useProblemText();
  const settle = useSettleSuspect();
  const { text, lang, entry, likely } = suspect;
  const [own, other] = [say(suspect.name, language), say(suspect.likely_name, language)];
  // The card is gone before the answer arrives, so what follows must not depend on it.
  const run = (what: SettleSuspect, done: string, back: readonly SettleSuspect[]) => {
    const undo = async () => {
      for (const one of back) await settle.mutateAsync(one);
    };
    const failed = (error: unknown) => toast(problem(error), "hot");
    void settle
      .mutateAsync(what)
      .then(() => onUndo({ key: Date.now(), text: done, act: () => void undo().catch(failed) }), failed);
  };
  const keep = () =>
    run({ entry, lang, text, settled: "keep" }, t("suspects.kept", { words: text, name: own }), [
      { entry, lang, text, settled: "doubt" },
    ]);
  const move = () =>
    run({ entry, lang, text, settled: "move", to: likely }, t("suspects.moved", { words: text, name: other }), [
      { entry: likely, lang, text, settled: "move", to: entry },
      { entry, lang, text, settled: "doubt" },
    ]);
  const remove = () =>
    run({ entry, lang, text, settled: "remove" }, t("suspects.removed", { words: text, name: own }), [
      { entry, lang, text, settled: "restore" },
      { entry, lang, text, settled: "doubt" },
    ]);
  return (
    <li className="card kn-group-card" aria-label={text}>
      <div className="grow">
        <h3 lang={lang} dir="auto">
          {text}
        </h3>
        <dl className="s2 kn-places">
          <dt>{t("suspects.in")}</dt>
          <dd>
            <button type="button" className="link" onClick={() => onOpen(entry)}>
              {own}
            </button>
          </dd>
          <dt>{t("suspects.likely")}</dt>
          <dd>
            <button type="button" className="link" onClick={() => onOpen(likely)}>
              {other}
            </button>
          </dd>
        </dl>
      </div>
      <div className="row wrap kn-group-acts">
        <Button
          size="small"
          disabled={settle.isPending}
          aria-label={t("suspects.move_one", { words: text, name: other })}
          onClick={move}
        >
          {t("suspects.move")}
        </Button>
        <Button
          size="small"
          disabled={settle.isPending}
          aria-label={t("suspects.keep_one", { words: text })}
          onClick={keep}
        >
          {t("suspects.keep")}
        </Button>
        <Button
          size="small"
          disabled={settle.isPending}
          aria-label={t("suspects.remove_one", { words: text })}
          onClick={remove}
        >
          {t("remove")}
        </Button>
      </div>
    </li>
  );
}
