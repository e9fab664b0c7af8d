import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { chapterOf } from "./chapters";
import { Markdown } from "./markdown";
import { chapters } from "./names";
import { chapterText } from "./queries";
import { waysOf } from "./ways";
import "./handbook.css";

const ways = waysOf();

/** How things are done, beginning with the reader's own chapter; the other chapters are one press away. */
export function HandbookPage() {
  const { t } = useTranslation("handbook");
  const { language } = usePrefs();
  const me = useMe();
  const { chapter = chapterOf(me) } = useSearch({ from: "/inside/handbook" });
  const text = useQuery(chapterText(chapter, language));
  return (
    <div className="page">
      <header className="page-head">
        <nav className="handbook-chapters" aria-label={t("chapters")}>
          {chapters.map((one) => (
            <Link
              key={one}
              to="/handbook"
              search={{ chapter: one }}
              aria-current={one === chapter ? "page" : undefined}
            >
              {t(`for.${one}`)}
            </Link>
          ))}
        </nav>
      </header>
      <div className="page-body" data-pane tabIndex={-1}>
        <Failed of={text} />
        <article className="card handbook">{text.data && <Markdown text={text.data} ways={ways} />}</article>
      </div>
    </div>
  );
}
