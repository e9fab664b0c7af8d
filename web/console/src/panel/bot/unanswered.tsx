import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { unanswered } from "../../knowledge/queries";
import { Failed } from "../../lib/failed";
import { count } from "../../lib/format";
import { tagOf } from "../../lib/i18n";
import { LoadingRows } from "../../lib/loading";
import { usePrefs } from "../../lib/prefs";

/** How many groups are shown. */
const some = 6;

/** What customers asked, in their words, and the bot could not answer. */
export function Unanswered() {
  const { t } = useTranslation("botreport");
  const { language } = usePrefs();
  const found = useInfiniteQuery(unanswered());
  const groups = found.data?.pages[0]?.items ?? [];
  return (
    <section className="card bot-card bot-third" aria-labelledby="bot-missed">
      <header>
        <h2 id="bot-missed">{t("missed")}</h2>
        <Link to="/bot/answers" search={{ view: "proposed" }} className="end s2">
          {t("missed.teach")}
        </Link>
      </header>
      <Failed of={found} />
      {found.isPending && <LoadingRows rows={4} />}
      {found.data && groups.length === 0 && <p className="empty">{t("missed.none")}</p>}
      <ol className="bot-missed">
        {groups.slice(0, some).map((group) => {
          const [place] = group.asked;
          return (
            <li key={group.question} className="row">
              <Link
                to="/bot/answers"
                search={{ view: "proposed", ...(place ? { asked: `${place.conversation}.${place.seq}` } : {}) }}
                className="grow el"
                lang={tagOf(group.lang)}
              >
                {group.question}
              </Link>
              <span className="n b">{count(group.count, language)}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
