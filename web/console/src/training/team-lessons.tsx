import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "@yingda/antd";
import { urlOf } from "@yingda/api/operations";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { Filter } from "../lib/filter";
import { Icon } from "../lib/icon";
import { LoadingRows } from "../lib/loading";
import type { TrainingSearch } from "./search";
import { team, wanted, type Team } from "./team";
import { TeamTable } from "./team-table";
import { useLessonName } from "./use-lesson-name";

/** How many have finished each lesson; the numbers open the list of who has, and who has not. */
function Progress({ of }: { of: Team["lessons"] }) {
  const { t } = useTranslation("training");
  const nameOf = useLessonName();
  return (
    <ul className="training-progress s2" aria-label={t("team.progress")}>
      {of.map(({ lesson, finished, of: all }) => (
        <li key={lesson}>
          <b dir="auto">{nameOf(lesson)}</b>
          <Link className="num" to="/training" search={{ lesson, show: "finished" }}>
            {t("team.finished", { finished, of: all })}
          </Link>
          {finished < all && (
            <Link className="num" to="/training" search={{ lesson, show: "open" }}>
              {t("team.open", { count: all - finished })}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}

function Filters({ of, search }: { of: Team["lessons"]; search: TrainingSearch }) {
  const { t } = useTranslation("training");
  const navigate = useNavigate();
  const nameOf = useLessonName();
  const show = (next: TrainingSearch) => void navigate({ to: "/training", search: next, replace: true });
  const { lesson, show: who } = search;
  return (
    <div className="row wrap" role="search">
      <Filter
        label={t("filter.lesson")}
        all={t("filter.lesson.all")}
        options={of.map((one) => ({ value: one.lesson, word: nameOf(one.lesson) }))}
        value={lesson}
        onChange={(next) => show({ ...(who ? { show: who } : {}), ...(next ? { lesson: next } : {}) })}
      />
      <Filter
        label={t("filter.show")}
        all={t("filter.everybody")}
        options={(["open", "finished"] as const).map((value) => ({ value, word: t(`filter.${value}`) }))}
        value={who}
        onChange={(next) => show({ ...(lesson ? { lesson } : {}), ...(next ? { show: next } : {}) })}
      />
      <span className="grow" />
      <Button href={urlOf("/lessons/team/export.csv")} download icon={<Icon name="download" />}>
        {t("export")}
      </Button>
    </div>
  );
}

/** Those whom the reader manages, and which lessons they have finished. */
export function TeamLessons() {
  const { t } = useTranslation("training");
  const search = useSearch({ from: "/inside/training" });
  const found = useQuery(team);
  const rows = found.data ? wanted(found.data.items, search) : [];
  const nobody = found.data?.items.length === 0;
  return (
    <section aria-labelledby="training-team">
      <h2 id="training-team">{t("team")}</h2>
      <p className="s2 t3">{t("team.about")}</p>
      <Failed of={found} />
      {found.isPending && <LoadingRows rows={6} />}
      {found.data && !nobody && (
        <>
          <Progress of={found.data.lessons} />
          <Filters of={found.data.lessons} search={search} />
        </>
      )}
      {nobody && <p className="empty">{t("team.none")}</p>}
      {found.data && !nobody && rows.length === 0 && (
        <div className="empty">
          <p>{t("team.none.found")}</p>
          <Link to="/training" search={{}}>
            {t("team.all")}
          </Link>
        </div>
      )}
      {found.data && rows.length > 0 && <TeamTable rows={rows} lessons={found.data.lessons} only={search.lesson} />}
    </section>
  );
}
