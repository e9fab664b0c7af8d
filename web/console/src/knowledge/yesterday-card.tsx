import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { KnowledgeNamedReaction, YesterdayQuestion } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { count, dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useCompareYesterday, yesterday } from "./queries";

/** What a bot does, in words. */
function Does({ of }: { of: KnowledgeNamedReaction }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const name = of.name ? say(of.name, language) : (of.entry ?? "");
  return <>{of.did === "answered" || of.did === "offered" ? t(`does.${of.did}`, { name }) : t(`does.${of.did}`)}</>;
}

function Shift({ one, onTry }: { one: YesterdayQuestion; onTry(text: string): void }) {
  const { t } = useTranslation("knowledge");
  return (
    <li className="kn-shift">
      <button type="button" className="link" lang={one.lang} dir="auto" onClick={() => onTry(one.question)}>
        {one.question}
      </button>
      {one.count > 1 && <span className="s1 t3">{t("proposed.asked", { count: one.count })}</span>}
      <dl className="s2">
        <dt className="t3">{t("yesterday.live")}</dt>
        <dd>
          <Does of={one.live} />
        </dd>
        <dt className="t3">{t("yesterday.draft")}</dt>
        <dd>
          <Does of={one.draft} />
        </dd>
      </dl>
    </li>
  );
}

/** What the draft would change about the questions that customers asked yesterday. */
export function YesterdayCard({ onTry, beforeCheck }: { onTry(text: string): void; beforeCheck(): Promise<boolean> }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const me = useMe();
  const text = useProblemText();
  const now = useQuery(yesterday);
  const compare = useCompareYesterday();
  const { run, result, fresh } = now.data ?? {};
  const running = run?.state === "running" || compare.isPending;
  const begin = () =>
    void beforeCheck().then((saved) => {
      if (saved) compare.mutate(undefined, { onError: (error) => toast(text(error), "hot") });
    });
  return (
    <section className="kn-side-part" aria-label={t("yesterday")}>
      <header className="row">
        <h2>{t("yesterday")}</h2>
        <span className="grow" />
        {result && (
          <span className="s1 t3">{t("yesterday.since", { when: dayAndTime(result.from, me.time_zone) })}</span>
        )}
      </header>
      <Failed of={now} />
      {!result && !running && <p className="s2 t2">{t("yesterday.what")}</p>}
      {running && run && (
        <div className="kn-progress" role="status">
          <progress value={run.done} max={Math.max(1, run.total)} aria-label={t("yesterday.progress")} />
          <span className="s2">{t("yesterday.running", { done: run.done, total: run.total })}</span>
        </div>
      )}
      {result && !running && (
        <>
          <p className="s2" role="status">
            {result.asked === 0
              ? t("yesterday.nothing")
              : t("yesterday.found", { count: result.different, asked: count(result.asked, language) })}
          </p>
          {!fresh && <p className="notice warn">{t("yesterday.stale")}</p>}
          {result.items.length > 0 && (
            <details className="kn-cases">
              <summary>
                <span className="tag warn">{count(result.items.length, language)}</span> {t("yesterday.list")}
              </summary>
              <ul>
                {result.items.map((one) => (
                  <Shift key={one.question} one={one} onTry={onTry} />
                ))}
              </ul>
            </details>
          )}
        </>
      )}
      {run?.state === "failed" && <p className="notice warn">{t("check.failed")}</p>}
      <Button block loading={running} onClick={begin}>
        {t("yesterday.run")}
      </Button>
    </section>
  );
}
