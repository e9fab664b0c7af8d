/** What recommendations learn from, and whether they may. */
import { onWanted, tellWanted } from "@yingda/api/recommending";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useHallContext } from "../context";
import { choose, recommended } from "../recommend/data";
import { forget, useResource } from "../resource";
import { Refused, useAct } from "../ui/form";
import { PageTitle } from "../ui/page-title";
import { Boxes, Failed, Skeleton } from "../ui/states";

export function RecommendationsPage(): JSX.Element {
  const { words, name } = useHallContext();
  const { t, lang } = words;
  const [version, setVersion] = useState(0);
  const act = useAct();
  const resource = useResource(`recommended choice ${String(version)}`, () => recommended("home", undefined, lang));
  const { data } = resource;
  useEffect(() => {
    return onWanted(() => {
      forget("recommended ");
      setVersion((n) => n + 1);
    });
  }, []);
  const isOff = data?.wanted === false;
  const say = (wanted: boolean) => (): void =>
    void act.run(async () => {
      await choose(wanted, lang);
      tellWanted(wanted);
      forget("recommended ");
      setVersion(version + 1);
    });
  return (
    <div class="wrap">
      <PageTitle title={t("recommend.title")}>
        <p class="lead">{t("recommend.lead", { name })}</p>
      </PageTitle>
      {data ? (
        <section class="card recommend-page">
          <Refused act={act} fields={[]} />
          <p class="strong recommend-state" role="status">
            {t(
              data.wanted === null
                ? "recommend.state_open"
                : data.wanted
                  ? "recommend.state_on"
                  : "recommend.state_off",
            )}
          </p>
          {isOff ? <p>{t("recommend.when_on")}</p> : null}
          <ul class="reading">
            <li>{t("recommend.what_asked")}</li>
            <li>{t("recommend.what_looked")}</li>
            <li>{t("recommend.how_long")}</li>
          </ul>
          <p class="row wrap-lines">
            {data.wanted === true ? null : (
              <button type="button" class="btn primary" disabled={act.busy} onClick={say(true)}>
                {t(isOff ? "recommend.resume" : "recommend.agree")}
              </button>
            )}
            {isOff ? null : (
              <button type="button" class="btn" disabled={act.busy} onClick={say(false)}>
                {t("recommend.refuse")}
              </button>
            )}
          </p>
          {isOff ? null : <p class="soft">{t("recommend.refuse_means")}</p>}
        </section>
      ) : resource.error ? (
        <Failed what="recommend.error" resource={resource} />
      ) : (
        <Skeleton slow={resource.slow}>
          <Boxes count={1} class="line-bone" />
        </Skeleton>
      )}
    </div>
  );
}
