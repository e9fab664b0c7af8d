import { Button } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import { BEST_SCORE, isGood, isPoor } from "@yingda/api/rating";
import type { Schema } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { ago, dayAndTime } from "../lib/format";
import { say, tagOf } from "../lib/i18n";
import { useNameOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { langOf } from "../lib/words";
import { useTendRating } from "./queries";

type Rating = Schema<"RatingComment">;

/** The score, why, and who served. */
function Verdict({ of }: { of: Rating }) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  return (
    <p className="row wrap s2 t3">
      {of.solved !== null && <span>{t(of.solved ? "rating.solved" : "rating.not_solved")}</span>}
      {of.reasons.map(({ id, name }) => (
        <span key={id} className="tag" dir="auto">
          {say(name, language)}
        </span>
      ))}
      <span>{of.agent === null ? t("rating.by_bot") : t("rating.served", { name: of.agent.name })}</span>
      {of.done_at === null && of.owner !== null && <span>{t("left.owner", { name: of.owner.name })}</span>}
    </p>
  );
}

/** A rating with words: who takes care of it, and whether that is done. */
export function RatingCard({ rating, queue }: { rating: Rating; queue: string }) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const me = useMe();
  const now = useNow(30_000);
  const text = useProblemText();
  const tend = useTendRating();
  const name = useNameOf()(rating.customer);
  const refuse = (error: unknown) => toast(text(error), "hot");
  const set = (change: { owner?: string | null; handled?: boolean }, done?: string) =>
    tend.mutate({ rating, change }, { onSuccess: () => done && toast(done), onError: refuse });
  const score = rating.score ?? 0;
  const look = isGood(score) ? "tag ok" : isPoor(score) ? "tag hot" : "tag warn";
  return (
    <li className="card left-card" aria-label={t("rating.of", { name, score })}>
      <div className="row wrap">
        <b dir="auto">{name}</b>
        {rating.score !== null && <span className={look}>{t("rating.score", { score, best: BEST_SCORE })}</span>}
        {queue !== "" && <bdi className="tag line">{queue}</bdi>}
        <span className="grow" />
        <time
          className="s2 t3"
          dateTime={new Date(rating.rated_at).toISOString()}
          title={dayAndTime(rating.rated_at, me.time_zone)}
        >
          {ago(Math.min(rating.rated_at, now), now, language)}
        </time>
      </div>
      <p className="left-words" lang={langOf(rating.comment ?? "") ?? tagOf(rating.lang)} dir="auto">
        {rating.comment ?? t("left.gone")}
      </p>
      <Verdict of={rating} />
      {rating.done_at !== null && (
        <p className="s2 t3">
          {rating.done_by === null
            ? t("rating.handled", { time: dayAndTime(rating.done_at, me.time_zone) })
            : t("left.handled", { name: rating.done_by, time: dayAndTime(rating.done_at, me.time_zone) })}
        </p>
      )}
      <div className="row wrap">
        {rating.done_at !== null ? (
          <Button size="small" loading={tend.isPending} onClick={() => set({ handled: false })}>
            {t("left.take_back")}
          </Button>
        ) : (
          <>
            <Button
              size="small"
              loading={tend.isPending}
              onClick={() => set({ owner: rating.owner?.id === me.agent ? null : me.agent })}
            >
              {t(rating.owner?.id === me.agent ? "left.give_back" : "left.mine")}
            </Button>
            <Button
              size="small"
              disabled={tend.isPending}
              onClick={() => set({ handled: true }, t("left.now_handled"))}
            >
              {t("left.mark_handled")}
            </Button>
          </>
        )}
        <Link
          className="y-text-button left-read"
          to="/records"
          search={{ open: rating.conversation, note: rating.seq }}
        >
          {t("left.read")}
        </Link>
      </div>
    </li>
  );
}
