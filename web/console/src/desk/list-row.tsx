import { Link } from "@tanstack/react-router";
import type { LabelRef } from "@yingda/api/types";
import { memo, useCallback } from "react";
import { Button } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { useClockText } from "../lib/clock";
import { clock, span } from "../lib/format";
import { Icon } from "../lib/icon";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { urgency } from "../live/lists";
import type { DeskList } from "./search";
import { readDraft } from "./drafts";

/** How long a customer has been waiting. Updating it does not redraw the row. */
function Waited({ since, word }: { since: number; word: string }) {
  const [level = "calm", text] = useClockText(
    useCallback((now) => `${urgency(now - since)} ${clock(now - since)}`, [since]),
  ).split(" ");
  return (
    <span className={`item-wait item-${level}`}>
      {level !== "calm" && <Icon name="clock" />}
      <span className="sr">{word}</span>
      {text}
    </span>
  );
}

/** How long ago the last message was. */
function Ago({ since }: { since: number }) {
  const { language } = usePrefs();
  return useClockText(useCallback((now) => span(now - since, language), [since, language]));
}

/** Everything a row shows, as comparable values: a row whose values are the same is not redrawn. */
export interface RowProps {
  id: string;
  list: DeskList;
  /** its place among how many rows, where not all of them are drawn */
  place?: number | undefined;
  of?: number | undefined;
  name: string;
  /** what the row is called: the name, or what tells apart a customer who has none */
  title: string;
  lang: "zh-CN" | "en";
  /** whether its language is tagged because it is not the reader's */
  foreign: boolean;
  queue: string;
  /** the kind of question that the customer chose, while it waits; empty if there is none */
  asked: string;
  /** what was said last: empty if its words are gone, null if nothing was said yet */
  words: string | null;
  /** rating and first reply time, shown before the text */
  result: string;
  /** the last message is our own */
  own: boolean;
  unread: number;
  current: boolean;
  /** the one row that Tab reaches; the arrows move from it */
  tab: boolean;
  /** it left the list and is shown only so that nothing moves under the pointer */
  gone: boolean;
  /** the group it belongs to now, if it keeps its position in a different one */
  left: string;
  /** why a person is wanted, while it waits; empty if there is nothing to say */
  why: string;
  /** somebody may be in danger, and has had no reply */
  danger: boolean;
  /** what it is about; empty if nobody has said so */
  label: string;
  colour: LabelRef["colour"];
  /** since when the customer has been waiting or, with `quiet`, since when nothing has happened */
  since: number | null;
  quiet: boolean;
  /** a fixed time to show instead */
  time: string;
  agent: string;
  onTake: ((id: string) => void) | null;
}

const searches: Record<DeskList, { list?: DeskList }> = {
  mine: {},
  queue: { list: "queue" },
  resolved: { list: "resolved" },
};

/** One conversation: the customer, the last message or the draft, the waiting time, and the unread count. */
export const Row = memo(function Row({
  id,
  list,
  place,
  of,
  name,
  title,
  lang,
  foreign,
  queue,
  asked,
  words,
  result,
  own,
  unread,
  current,
  tab,
  gone,
  left,
  why,
  danger,
  label,
  colour,
  since,
  quiet,
  time,
  agent,
  onTake,
}: RowProps) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const draft = list === "mine" && !current ? readDraft(agent, id).reply.trim() : "";
  const timeId = `${id}-time`;
  const inside = (
    <>
      <span className="av" aria-hidden="true">
        {initial(name)}
        <span className="ch">
          <Icon name="globe" />
        </span>
      </span>
      <span className="item-name">
        <span className="item-who">
          <span className="el" dir="auto" lang={title === name ? undefined : lang}>
            {title}
          </span>{" "}
          {danger && (
            <span className="tag hot">
              <Icon name="alert" />
              {t("row.alerted")}
            </span>
          )}
        </span>{" "}
        {left !== "" && <span className="tag item-left">{left}</span>}{" "}
        {foreign && <span className="tag">{t(`lang.${lang}`)}</span>}{" "}
        {label !== "" && left === "" && !danger && (
          <span className={colour === "plain" ? "tag el" : `tag ${colour} el`} dir="auto">
            {label}
          </span>
        )}{" "}
        {why !== "" && !danger && <span className="tag line">{why}</span>}{" "}
        {asked !== "" && (
          <span className="tag el" dir="auto">
            {asked}
          </span>
        )}{" "}
        {queue !== "" && (
          <span className="tag line el" dir="auto">
            {queue}
          </span>
        )}
      </span>{" "}
      <span className="item-time n" id={timeId} aria-hidden="true">
        {since === null ? time : quiet ? <Ago since={since} /> : <Waited since={since} word={t("row.waited")} />}
      </span>
      <span className="item-words" lang={draft || gone ? undefined : lang}>
        <span className="el" dir="auto">
          {result !== "" && (
            <>
              <span className="item-result" lang={language}>
                {result}
              </span>{" "}
            </>
          )}
          {gone ? (
            <span className="t3">{t("row.gone")}</span>
          ) : draft ? (
            <>
              <span className="brand">{t("row.draft")}</span> <bdi>{draft}</bdi>
            </>
          ) : words && title !== name && title.endsWith(words) ? (
            // The title says it already.
            <span className="t3" lang={language}>
              {name}
            </span>
          ) : words === "" ? (
            <span className="t3" lang={language}>
              {t("row.words_gone")}
            </span>
          ) : words !== null ? (
            own ? (
              t("row.you", { text: words })
            ) : (
              words
            )
          ) : (
            <span className="t3">{t("row.nothing_yet")}</span>
          )}
        </span>
      </span>{" "}
      {unread > 0 && (
        <span className="item-badge">
          <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
          <span className="sr">{t("row.unread", { count: unread })}</span>
        </span>
      )}
    </>
  );
  if (gone)
    return (
      <li className="item-box" data-id={id} aria-posinset={place} aria-setsize={of}>
        <span className="item item-gone">{inside}</span>
      </li>
    );
  // The time changes every second: it describes the link and is not part of its name.
  return (
    <li className="item-box" data-id={id} aria-posinset={place} aria-setsize={of}>
      <Link
        className="item"
        to="/inbox/$conversation"
        params={{ conversation: id }}
        search={searches[list]}
        tabIndex={tab ? 0 : -1}
        aria-current={current ? "true" : undefined}
        activeProps={{}}
        aria-describedby={timeId}
      >
        {inside}
      </Link>
      {onTake && (
        <Button
          size="small"
          className="item-take"
          tabIndex={tab ? 0 : -1}
          onClick={() => onTake(id)}
          aria-label={t("take_who", { name: title })}
        >
          {t("take")}
        </Button>
      )}
    </li>
  );
});
