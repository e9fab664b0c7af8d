import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../../lib/failed";
import { count, dayAndTime } from "../../lib/format";
import { tagOf } from "../../lib/i18n";
import { useKeys } from "../../lib/keys";
import { LoadingRows } from "../../lib/loading";
import { useRefused } from "../../lib/mutations";
import { Page } from "../../lib/page";
import { usePrefs } from "../../lib/prefs";
import { may, useMe } from "../../lib/session";
import { langOf } from "../../lib/words";
import { answerSample, useJudge } from "./queries";
import "../panel.css";
import "./bot.css";

const verdicts = ["right", "wrong", "unclear"] as const;
type Verdict = (typeof verdicts)[number];

/** Judges one answer after the other. How sure the bot was is not shown, so that it does not sway anybody. */
export function JudgePage() {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  const me = useMe();
  const found = useQuery(answerSample);
  const judge = useJudge();
  const refused = useRefused();
  const [at, setAt] = useState(0);
  const head = useRef<HTMLHeadingElement>(null);
  const items = found.data?.items ?? [];
  const one = items[at];
  useEffect(() => {
    if (at > 0) head.current?.focus();
  }, [at]);
  const settle = (verdict: Verdict) => {
    if (!one || judge.isPending) return;
    judge.mutate(
      { conversation: one.conversation, of: one.of, verdict },
      { onSuccess: () => setAt((before) => before + 1), onError: refused },
    );
  };
  useKeys({ "1": () => settle("right"), "2": () => settle("wrong"), "3": () => settle("unclear") });
  const again = async () => {
    await found.refetch();
    setAt(0);
  };
  return (
    <Page
      title={t("judge.title")}
      about={items.length > 0 ? t("judge.progress", { done: count(at, language), count: items.length }) : undefined}
      acts={
        <Link to="/reports/bot" className="s2">
          {t("judge.back")}
        </Link>
      }
      className="judge-body"
    >
      <Failed of={found} />
      {found.isPending && <LoadingRows rows={4} className="card judge-card" />}
      {found.data && !one && (
        <section className="card judge-card" aria-live="polite">
          <p className="empty">{t(items.length === 0 ? "judge.none" : "judge.done")}</p>
          {items.length > 0 && (
            <Button type="primary" loading={found.isFetching} onClick={() => void again()}>
              {t("judge.more")}
            </Button>
          )}
        </section>
      )}
      {one && (
        <section className="card judge-card" aria-labelledby="judge-question">
          <p className="s2 t3">
            {t("judge.asked", { time: dayAndTime(one.at, me.time_zone) })}
            {may(me, "desk") && (
              <>
                <i className="dot" />
                <Link to="/inbox/$conversation" params={{ conversation: one.conversation }} search={{}}>
                  {t("judge.conversation")}
                </Link>
              </>
            )}
          </p>
          <h2
            id="judge-question"
            ref={head}
            tabIndex={-1}
            className="judge-question"
            lang={langOf(one.question)}
            dir="auto"
          >
            {one.question}
          </h2>
          <p className="judge-answer" lang={tagOf(one.lang)} dir="auto">
            {one.answer}
          </p>
          {one.title && (
            <p className="s2 t3">
              {t("judge.from")}{" "}
              {one.entry ? (
                <Link to="/bot/answers" search={{ entry: one.entry }}>
                  {one.title}
                </Link>
              ) : (
                one.title
              )}
            </p>
          )}
          <div className="row wrap judge-acts" role="group" aria-label={t("judge.question")}>
            {verdicts.map((verdict, index) => (
              <Button key={verdict} onClick={() => settle(verdict)}>
                {t(`judge.${verdict}`)} <kbd aria-hidden="true">{index + 1}</kbd>
              </Button>
            ))}
          </div>
        </section>
      )}
      <p className="s2 t3">{t("judge.about")}</p>
    </Page>
  );
}
