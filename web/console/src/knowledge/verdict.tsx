import { Button } from "@yingda/antd";
import type { KnowledgeOverview } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, percent } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { slips } from "./check-card";

interface Props {
  now: KnowledgeOverview;
  /** Whether the check is of this draft. */
  fresh: boolean;
  running: boolean;
  /** Whether the check failed or could not be started. */
  broken: boolean;
  worse: boolean;
  onCheck(): void;
}

/** What the check of the draft found, or how far it is. */
export function Verdict({ now, fresh, running, broken, worse, onCheck }: Props) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const score = now.run?.result;
  const slipping = score !== undefined && score !== null && slips(score);
  const share = (right: number) =>
    percent(score ? right / Math.max(1, score.live.right + score.live.dont_know + score.live.wrong) : null, language);
  if (now.tests === 0) return <p className="notice warn">{t("check.none")}</p>;
  if (broken)
    return (
      <p className="notice warn kn-fault" role="status">
        <span>{t("check.failed")}</span>
        <Button size="small" onClick={onCheck}>
          {t("check.run")}
        </Button>
      </p>
    );
  if (!fresh)
    return (
      <div className="kn-progress" role="status">
        <progress
          value={running ? now.run?.done : undefined}
          max={Math.max(1, now.run?.total ?? 1)}
          aria-label={t("check.progress")}
        />
        <span className="s2">{t("publish.checking")}</span>
      </div>
    );
  return (
    <p className={worse ? "notice hot" : slipping ? "notice warn" : "notice kn-ok"} role="status">
      {t(worse ? "publish.worse" : slipping ? "publish.slips" : "publish.fine", {
        live: share(score?.live.right ?? 0),
        draft: share(score?.draft.right ?? 0),
        before: count(score?.live.wrong ?? 0, language),
        after: count(score?.draft.wrong ?? 0, language),
      })}
    </p>
  );
}
