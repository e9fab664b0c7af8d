import { Button, Dialog } from "@yingda/antd";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BEST_SCORE, isGood, isPoor } from "@yingda/api/rating";
import type { Indicator } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { count, dayAndTime } from "../lib/format";
import { say, tagOf } from "../lib/i18n";
import { initial, useNameOf, useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import type { BehindPages } from "./queries";
import { StretchRow } from "./stretch-row";

interface Props {
  indicator: Indicator | undefined;
  open: string;
  pages: BehindPages;
  /** The period. */
  caption: string;
  zone: string;
  onClose(): void;
}

/** Whether a count is one of stretches at work, which have no conversation. */
const ofAgents = (key: string) => key === "work" || key === "busy";

/** The conversations behind a number, or the stretches at work, exactly as many as the number says. */
function Behind({ pages: asked, open, caption, indicator, zone }: Omit<Props, "onClose">) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const me = useMe();
  const nameOf = useNameOf();
  const titleOf = useTitleOf();
  const pages = useInfiniteQuery(asked);
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const total = pages.data?.pages[0]?.count;
  const linked = may(me, "desk");
  const teaches = open === "no_answer" && may(me, "knowledge.curate");
  return (
    <div className="behind">
      {indicator && <p className="s2 t2">{say(indicator.rule, language)}</p>}
      <p className="behind-count">
        <b className="n">{count(total, language)}</b>
        <span className="t3">{caption}</span>
      </p>
      {teaches && (total ?? 0) > 0 && (
        <p>
          <Link to="/bot/answers" search={{ view: "proposed" }} className="s2">
            {t("behind.teach_all")}
          </Link>
        </p>
      )}
      <Failed of={pages} />
      {pages.isPending && (
        <p className="t3" role="status">
          {t("history.loading")}
        </p>
      )}
      {total === 0 && <p className="empty">{t(ofAgents(open) ? "behind.no_stretches" : "behind.none")}</p>}
      <ol className="behind-list">
        {items.map((item, index) => {
          if (item.stretch)
            return (
              <li key={`${item.stretch.agent}-${item.at}-${index}`}>
                <StretchRow stretch={item.stretch} at={item.at} zone={zone} />
              </li>
            );
          const one = item.conversation;
          if (!one)
            return (
              <li key={`outside-${item.at}-${index}`}>
                <span className="behind-row">
                  <span className="grow row">
                    <span className="t3">{t("behind.outside")}</span>
                    <time className="end s1 t3">{dayAndTime(item.at, zone)}</time>
                  </span>
                </span>
              </li>
            );
          const words = item.text ?? one.preview?.text;
          const name = nameOf(one.customer);
          const row = (
            <>
              <span className="av sm" aria-hidden="true">
                {initial(name)}
              </span>
              <span className="grow">
                <span className="row">
                  <b className="el" dir="auto">
                    {titleOf(one)}
                  </b>
                  {typeof item.score === "number" && (
                    <span className={isGood(item.score) ? "tag ok" : isPoor(item.score) ? "tag hot" : "tag warn"}>
                      {t("behind.score", { score: item.score, best: BEST_SCORE })}
                    </span>
                  )}
                  <time className="end s1 t3">{dayAndTime(item.at, zone)}</time>
                </span>
                {words && (
                  <span className="el t2 s2 behind-words" lang={tagOf(one.lang)} dir="auto">
                    {words}
                  </span>
                )}
              </span>
            </>
          );
          const asked = teaches && typeof item.seq === "number" ? `${one.id}.${item.seq}` : null;
          return (
            <li key={`${one.id}-${index}`}>
              {linked ? (
                <Link to="/inbox/$conversation" params={{ conversation: one.id }} search={{}} className="behind-row">
                  {row}
                </Link>
              ) : (
                <span className="behind-row">{row}</span>
              )}
              {asked && (
                <Link
                  to="/bot/answers"
                  search={{ view: "proposed", asked }}
                  className="behind-teach s2"
                  aria-label={t("behind.teach_this", { words: words ?? name })}
                >
                  {t("behind.teach")}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
      {pages.hasNextPage && (
        <Button block loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t("behind.more", { count: items.length, total: count(total, language) })}
        </Button>
      )}
    </div>
  );
}

export function BehindDrawer({ onClose, ...props }: Props) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const own =
    props.open === "waiting" || props.open === "active" || props.open === "bot" ? t(`now.${props.open}`) : props.open;
  return (
    <Dialog
      open={props.open !== ""}
      placement="end"
      onClose={onClose}
      title={props.indicator ? say(props.indicator.name, language) : own}
      closeLabel={t("close")}
    >
      {props.open !== "" && <Behind {...props} />}
    </Dialog>
  );
}
