import { useQuery } from "@tanstack/react-query";
import { Button } from "@yingda/antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { leavePractice, practice, practiceRun, type PracticeRun } from "../lib/practice";
import { isProblem, useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import "./practice-bar.css";

/** In milliseconds: how often it is asked which steps are done. */
const every = 2_000;

function Steps({ of }: { of: PracticeRun }) {
  const { t } = useTranslation("kit");
  const { language } = usePrefs();
  return (
    <ol className="practice-steps" aria-label={t("practice.steps")}>
      {of.steps.map((step, at) => (
        <li key={at} className={step.done ? "practice-done" : undefined}>
          <Icon name={step.done ? "check" : "right"} />
          <span>
            <bdi>{say(step.words, language)}</bdi>
            {step.done && <span className="sr">{t("practice.done")}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** On every page of practice: that nothing counts, what has to be done, and the way out. */
export function PracticeBar() {
  const { t } = useTranslation("kit");
  const { language } = usePrefs();
  const text = useProblemText();
  const { data } = useQuery({ ...practiceRun, refetchInterval: every });
  const [isLeaving, setLeaving] = useState(false);
  const [isOpen, setOpen] = useState(true);
  const run = data?.run;
  const leave = async () => {
    setLeaving(true);
    try {
      await leavePractice();
    } catch (error) {
      // Who is nobody there has left.
      if (!isProblem(error, "not_signed_in")) {
        toast(text(error), "hot");
        setLeaving(false);
        return;
      }
    }
    practice.toCompany("/practice");
  };
  return (
    <section className="practice-bar" aria-label={t("practice.label")}>
      <div className="practice-head">
        <b>{t("practice.counts_not")}</b>
        {run && <bdi>{say(run.name, language)}</bdi>}
        {run && (
          <span role="status" className="n">
            {run.is_finished
              ? t("practice.finished")
              : t("practice.so_far", { done: run.steps.filter((step) => step.done).length, of: run.steps.length })}
          </span>
        )}
        <span className="grow" />
        {run && (
          <Button size="small" type="text" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {t("practice.steps")}
          </Button>
        )}
        <Button size="small" loading={isLeaving} onClick={() => void leave()}>
          {t("practice.leave")}
        </Button>
      </div>
      {run && isOpen && <Steps of={run} />}
    </section>
  );
}
