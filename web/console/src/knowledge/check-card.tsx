import { Button } from "@yingda/antd";
import type { KnowledgeOverview, KnowledgeTestCase } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, percent, signed, span } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { Table } from "../lib/table";
import type { Column } from "../lib/table-model";
import { toast } from "../lib/toast";
import { useCheck } from "./queries";

/** Whether the last check was of the current draft and version. */
export const isFresh = (now: KnowledgeOverview | undefined) =>
  now?.run?.state === "done" && now.run.revision === now.revision && now.run.version === now.version;

type Score = NonNullable<NonNullable<KnowledgeOverview["run"]>["result"]>;
/** Whether the draft does anything worse than the live version, however slightly; a small loss can still be published. */
export const slips = ({ live, draft }: Pick<Score, "live" | "draft">) =>
  draft.right < live.right || draft.wrong > live.wrong;

function Cases({
  word,
  tone,
  cases,
  onTry,
}: {
  word: string;
  tone: "ok" | "hot" | "warn";
  cases: readonly KnowledgeTestCase[];
  onTry(text: string): void;
}) {
  const { language } = usePrefs();
  if (cases.length === 0) return null;
  return (
    <details className="kn-cases">
      <summary>
        <span className={`tag ${tone}`}>{count(cases.length, language)}</span> {word}
      </summary>
      <ul>
        {cases.map((one) => (
          <li key={one.id}>
            <button type="button" className="link" onClick={() => onTry(one.sentence)}>
              {one.sentence}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The test set, run against the live version and the draft: their numbers side by side, and which sentences changed. */
export function CheckCard({
  now,
  onTry,
  beforeCheck,
}: {
  now: KnowledgeOverview;
  onTry(text: string): void;
  beforeCheck(): Promise<boolean>;
}) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const text = useProblemText();
  const check = useCheck();
  const run = now.run;
  const result = run?.result;
  const fresh = isFresh(now);
  const running = run?.state === "running" || check.isPending;
  const begin = () =>
    void beforeCheck().then((saved) => {
      if (saved) check.mutate(undefined, { onError: (error) => toast(text(error), "hot") });
    });
  const rows = result
    ? (["right", "dont_know", "wrong"] as const).map((name) => ({
        name,
        live: result.live[name],
        draft: result.draft[name],
      }))
    : [];
  const total = result ? result.live.right + result.live.dont_know + result.live.wrong : 0;
  const better = result?.cases.filter((one) => one.live.verdict !== "right" && one.draft.verdict === "right") ?? [];
  const worse = result?.cases.filter((one) => one.live.verdict === "right" && one.draft.verdict !== "right") ?? [];
  const still = result?.cases.filter((one) => one.live.verdict !== "right" && one.draft.verdict !== "right") ?? [];
  const columns: readonly Column<(typeof rows)[number]>[] = [
    {
      id: "what",
      title: t("check.what"),
      isTitleHidden: true,
      isHeading: true,
      cell: ({ name }) => t(`verdict.${name}`),
    },
    {
      id: "live",
      title: now.version > 0 ? t("check.live", { number: run?.version }) : t("check.live_now"),
      align: "end",
      cell: ({ live }) => percent(total ? live / total : null, language),
    },
    {
      id: "draft",
      title: t("check.draft"),
      align: "end",
      className: "b",
      cell: ({ draft }) => percent(total ? draft / total : null, language),
    },
    {
      id: "change",
      title: t("check.change"),
      isTitleHidden: true,
      align: "end",
      className: ({ name, live, draft }) =>
        draft === live ? "t3" : name === "dont_know" ? "t2" : (name === "right") === draft > live ? "ok" : "hot",
      cell: ({ live, draft }) =>
        t("check.more", {
          change: signed(draft - live, language),
        }),
    },
  ];
  return (
    <section className="kn-side-part" aria-label={t("check")}>
      <header className="row">
        <h2>{t("check")}</h2>
        <span className="grow" />
        <span className="s1 t3">
          {result && run
            ? t("check.size", { count: total, took: span(run.took_ms, language) })
            : t("check.tests", { count: now.tests })}
        </span>
      </header>
      {now.tests === 0 && <p className="s2 t2">{t("check.none")}</p>}
      {now.lost_tests > 0 && <p className="notice warn">{t("check.lost", { count: now.lost_tests })}</p>}
      {running && run && (
        <div className="kn-progress" role="status">
          <progress value={run.done} max={Math.max(1, run.total)} aria-label={t("check.progress")} />
          <span className="s2">{t("check.running", { done: run.done, total: run.total })}</span>
        </div>
      )}
      {result && !running && (
        <>
          <Table
            label={t("check")}
            form="plain"
            className="kn-scores"
            columns={columns}
            rows={rows}
            keyOf={({ name }) => name}
          />
          <p
            className={
              !fresh ? "notice warn" : !run?.may_publish ? "notice hot" : slips(result) ? "notice warn" : "notice kn-ok"
            }
            role="status"
          >
            {!fresh
              ? t("check.stale")
              : !run?.may_publish
                ? t("check.may_not")
                : slips(result)
                  ? t("check.may_slip")
                  : t("check.may")}
          </p>
          <Cases word={t("check.better")} tone="ok" cases={better} onTry={onTry} />
          <Cases word={t("check.worse")} tone="hot" cases={worse} onTry={onTry} />
          <Cases word={t("check.still")} tone="warn" cases={still} onTry={onTry} />
        </>
      )}
      {run?.state === "failed" && <p className="notice warn">{t("check.failed")}</p>}
      {now.tests > 0 && (
        <Button block loading={running} onClick={begin}>
          {t("check.run")}
        </Button>
      )}
    </section>
  );
}
