import { useQuery } from "@tanstack/react-query";
import { Button } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { say } from "../lib/i18n";
import { ListPage } from "../lib/list-page";
import { LoadingCards } from "../lib/loading";
import { useRefused } from "../lib/mutations";
import { exercises, toPractice } from "../lib/practice";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import "./practice.css";
import { useBegin, type Exercise } from "./queries";

const desk = () => toPractice("/inbox");

function One({ of, begin, isBeginning }: { of: Exercise; begin(): void; isBeginning: boolean }) {
  const { t } = useTranslation("practice");
  const { language } = usePrefs();
  const me = useMe();
  const name = say(of.name, language);
  return (
    <li className="card practice-exercise">
      <div className="row wrap">
        <h2 dir="auto">{name}</h2>
        {of.finished_at !== null && <span className="tag ok">{t("finished")}</span>}
        {of.is_under_way && <span className="tag brand">{t("under_way")}</span>}
      </div>
      <p dir="auto">{say(of.about, language)}</p>
      <ol className="practice-list s2 t2">
        {of.steps.map((step, at) => (
          <li key={at} dir="auto">
            {say(step, language)}
          </li>
        ))}
      </ol>
      <div className="row wrap">
        {of.is_under_way && (
          <Button type="primary" onClick={desk} aria-label={t("go_on.named", { name })}>
            {t("go_on")}
          </Button>
        )}
        <Button
          type={of.is_under_way || of.finished_at !== null ? "default" : "primary"}
          loading={isBeginning}
          onClick={begin}
          aria-label={t(of.is_under_way ? "again.named" : "begin.named", { name })}
        >
          {t(of.is_under_way ? "again" : "begin")}
        </Button>
        {of.finished_at !== null && (
          <span className="s2 t3">
            {t("finished_at")} <time className="n">{dayAndTime(of.finished_at, me.time_zone)}</time>
          </span>
        )}
      </div>
    </li>
  );
}

/** The exercises in which one serves a simulated customer at the real desk, where nothing counts. */
export function PracticePage() {
  const { t } = useTranslation("practice");
  const { language } = usePrefs();
  const found = useQuery(exercises);
  const begin = useBegin();
  const refused = useRefused();
  const items = found.data?.items ?? [];
  return (
    <ListPage
      title={t("title")}
      about={t("about")}
      of={found}
      rows={items}
      loading={<LoadingCards cards={3} lines={4} className="practice" card="card practice-exercise" />}
      empty={<p>{t("none")}</p>}
    >
      <ul className="practice" aria-label={t("title")}>
        {items.map((one) => (
          <One
            key={one.key}
            of={one}
            isBeginning={begin.isPending && begin.variables.key === one.key}
            begin={() => begin.mutate({ key: one.key, lang: language }, { onSuccess: desk, onError: refused })}
          />
        ))}
      </ul>
    </ListPage>
  );
}
