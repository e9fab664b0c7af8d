import { useQuery } from "@tanstack/react-query";
import { Button } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { dayAndTime } from "../lib/format";
import { startTour, tourOf } from "../lib/learning";
import { lessons } from "../lib/lessons";
import { LoadingCards } from "../lib/loading";
import { Page } from "../lib/page";
import { may, useMe } from "../lib/session";
import { TeamLessons } from "./team-lessons";
import { useLessonName } from "./use-lesson-name";
import "./training.css";

/** A lesson of one's own, and the way to it. */
function Own({ lesson, finishedAt }: { lesson: string; finishedAt: number | null }) {
  const { t } = useTranslation("training");
  const { t: tours } = useTranslation("tour");
  const me = useMe();
  const nameOf = useLessonName();
  const tour = tourOf(lesson);
  return (
    <li className="card training-own" aria-label={nameOf(lesson)}>
      <div className="grow">
        <h3 dir="auto">{nameOf(lesson)}</h3>
        {tour && <p className="s2 t2">{tours(`about.${tour}`)}</p>}
      </div>
      {finishedAt === null ? (
        <span className="tag warn">{t("not_yet")}</span>
      ) : (
        <span className="tag ok">{t("finished_at", { time: dayAndTime(finishedAt, me.time_zone) })}</span>
      )}
      {tour && (
        <Button type={finishedAt === null ? "primary" : "default"} onClick={() => startTour(tour)}>
          {t(finishedAt === null ? "take" : "again")}
        </Button>
      )}
    </li>
  );
}

/** What one has learned about the console, and what those whom one manages have. */
export function TrainingPage() {
  const { t } = useTranslation("training");
  const me = useMe();
  const found = useQuery(lessons);
  return (
    <Page title={t("title")} about={t("about")} className="training">
      <section aria-labelledby="training-mine">
        <h2 id="training-mine">{t("mine")}</h2>
        <Failed of={found} />
        {found.isPending && <LoadingCards cards={2} lines={2} className="training-list" card="card training-own" />}
        {found.data && (
          <ul className="training-list" aria-label={t("mine")}>
            {found.data.items.map(({ lesson, finished_at }) => (
              <Own key={lesson} lesson={lesson} finishedAt={finished_at} />
            ))}
          </ul>
        )}
      </section>
      {may(me, "people.manage") && <TeamLessons />}
    </Page>
  );
}
