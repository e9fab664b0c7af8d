import { Button } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import type { Conversation, Queue } from "@yingda/api/types";
import { memo, useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useClockText } from "../lib/clock";
import { clock, dayAndTime } from "../lib/format";
import { say, tagOf } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { initial, isNamed, useNameOf, useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { Tip } from "../lib/tip";
import { useHeldList, useMoves, useRoving } from "../lib/use-held-list";
import { urgency } from "../live/lists";
import { useReason } from "./reason";

function Age({ since }: { since: number }) {
  const [level = "calm", text] = useClockText(
    useCallback((now) => `${urgency(now - since)} ${clock(now - since)}`, [since]),
  ).split(" ");
  return <span className={`item-${level}`}>{text}</span>;
}

interface RowProps {
  id: string;
  place: number;
  name: string;
  /** the name, or the first question of a customer who has none */
  title: string;
  lang: "zh-CN" | "en";
  words: string;
  product: string;
  /** the last question the bot answered */
  topic: string;
  why: string;
  /** the agent to whom it is offered now; empty if to nobody */
  offered: string;
  /** somebody may be in danger, and has had no reply */
  danger: boolean;
  /** the number of the conversation's episode, from the second on */
  visit: number;
  queue: string;
  since: number;
  current: boolean;
  tab: boolean;
  gone: boolean;
  /** it is shown beside the list, not on the desk */
  beside: boolean;
  /** it is chosen, together with others */
  chosen: boolean;
  onTake(id: string): void;
  onMove: ((id: string) => void) | null;
  onChoose: ((id: string, isChosen: boolean) => void) | null;
}

/** A waiting conversation: the customer, the subject, the wait. Opening it shows it; taking it assigns it to the agent. */
const Row = memo(function Row({
  id,
  place,
  name,
  title,
  lang,
  words,
  product,
  topic,
  why,
  offered,
  danger,
  visit,
  queue,
  since,
  current,
  tab,
  gone,
  beside,
  chosen,
  onTake,
  onMove,
  onChoose,
}: RowProps) {
  const { t } = useTranslation("queues");
  const { t: desk } = useTranslation("desk");
  const ageId = `${id}-age`;
  const who = (
    <>
      <span className="av sm" aria-hidden="true">
        {initial(name)}
      </span>
      <span className="grow">
        <span className="row queue-about">
          <b className="el" dir="auto" lang={title === name ? undefined : lang}>
            {title}
          </b>{" "}
          {danger && (
            <span className="tag hot">
              <Icon name="alert" />
              {desk("row.alerted")}
            </span>
          )}{" "}
          {offered !== "" && (
            <span className="tag brand">
              <bdi>{t("offered", { name: offered })}</bdi>
            </span>
          )}{" "}
          {visit > 1 && <span className="tag">{t("visit", { n: visit })}</span>}{" "}
          {product !== "" && (
            <span className="tag line el" dir="auto">
              {product}
            </span>
          )}{" "}
          {topic !== "" && (
            <span className="tag line queue-topic">
              <Icon name="bot" />
              <bdi className="el">{topic}</bdi>
            </span>
          )}
        </span>{" "}
        <span className="item-words" lang={gone ? undefined : lang}>
          <span className="el" dir="auto">
            {gone
              ? t("gone")
              : words === ""
                ? t("nothing_said")
                : title !== name && title.endsWith(words)
                  ? name
                  : words}
          </span>
        </span>{" "}
        {!gone && <span className="s1 t3 el queue-why">{why}</span>}
      </span>
    </>
  );
  const link = {
    className: "queue-who",
    tabIndex: tab ? 0 : -1,
    "aria-describedby": ageId,
    "aria-current": current ? ("true" as const) : undefined,
    activeProps: {},
  };
  return (
    <li className={gone ? "queue-row item-gone" : current ? "queue-row queue-current" : "queue-row"} data-id={id}>
      <span className="n t3 queue-place">
        {onChoose && (
          <input
            type="checkbox"
            checked={chosen}
            disabled={gone}
            tabIndex={tab ? 0 : -1}
            aria-label={t("choose_who", { name: title })}
            onChange={(event) => onChoose(id, event.target.checked)}
          />
        )}
        <span aria-hidden="true">{place}</span>
        <span className="sr">{t("place", { n: place })}</span>
      </span>
      {gone ? (
        <span className="queue-who">{who}</span>
      ) : beside ? (
        <Link {...link} to="/inbox/queues" search={(now) => ({ ...now, open: id })} replace>
          {who}
        </Link>
      ) : (
        <Link {...link} to="/inbox/$conversation" params={{ conversation: id }} search={{ list: "queue" }}>
          {who}
        </Link>
      )}
      <span className="tag line queue-name" dir="auto">
        {queue}
      </span>
      <span className="n queue-age" id={ageId}>
        <span className="sr">{t("waited")}</span>
        <Age since={since} />
      </span>
      <span className="row">
        {onMove && (
          <Tip name={t("move")} keys="M">
            <button
              type="button"
              className="ib"
              disabled={gone}
              tabIndex={tab ? 0 : -1}
              onClick={() => onMove(id)}
              aria-label={t("move_who", { name: title })}
            >
              <Icon name="transfer" />
            </button>
          </Tip>
        )}
        <Button
          size="small"
          disabled={gone}
          tabIndex={tab ? 0 : -1}
          onClick={() => onTake(id)}
          aria-label={t("take_who", { name: title })}
        >
          {t("take")}
        </Button>
      </span>
    </li>
  );
});

interface WaitingProps {
  rows: readonly Conversation[] | null;
  chosen: Queue | undefined;
  open: string | null;
  /** the conversations that are chosen, to be moved together */
  selected: ReadonlySet<string>;
  onOpen: ((id: string) => void) | null;
  onTake(id: string): void;
  onMove: ((id: string) => void) | null;
  onChoose: ((id: string, isChosen: boolean) => void) | null;
}

/** The waiting conversations in their order. None changes position while one of them is hovered or focused. */
export function Waiting({ rows, chosen, open, selected, onOpen, onTake, onMove, onChoose }: WaitingProps) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const me = useMe();
  const nameOf = useNameOf();
  const titleOf = useTitleOf();
  const reason = useReason();
  const box = useRef<HTMLOListElement>(null);
  const all = useMemo(() => new Map((rows ?? []).map((one) => [one.id, one])), [rows]);
  const fresh = useMemo(() => [{ key: "queue", ids: [...all.keys()] }], [all]);
  const { lines, news, row, release, aim } = useHeldList(fresh, all, null, "list");
  const ids = lines[0]?.ids ?? [];
  useMoves(box, lines);
  const { stop, walk, onFocus, onKeyDown } = useRoving(box, ids, open);
  const step = (by: 1 | -1) => {
    const id = walk(by);
    if (id !== null) onOpen?.(id);
  };
  const meant = () => {
    const wanted = box.current?.contains(document.activeElement) ? stop : open;
    return wanted !== null && all.has(wanted) ? wanted : null;
  };
  const on = (act: ((id: string) => void) | null) => () => {
    const wanted = meant();
    if (wanted !== null) act?.(wanted);
  };
  useKeys({ j: () => step(1), k: () => step(-1), t: on(onTake), m: on(onMove) });
  if (rows === null)
    return (
      <div className="queue-skeletons" role="status" aria-label={t("loading")}>
        <span className="skeleton queue-skeleton" />
        <span className="skeleton queue-skeleton" />
      </div>
    );
  const closed = chosen && !chosen.service.open;
  if (rows.length === 0) {
    return (
      <div className="empty">
        <p>{closed ? t("closed") : t("empty")}</p>
        {closed && (
          <p>
            {chosen.service.opens_at === null
              ? t("closed.never")
              : t("closed.opens", { time: dayAndTime(chosen.service.opens_at, me.time_zone) })}
          </p>
        )}
      </div>
    );
  }
  return (
    <>
      <div className="list-news" role="status">
        {news > 0 && (
          <button type="button" onClick={release}>
            {t("news", { count: news })}
          </button>
        )}
      </div>
      <ol
        className="card queue-list"
        aria-label={t("tab.waiting")}
        ref={box}
        {...aim}
        onFocus={(event) => {
          aim.onFocus(event);
          onFocus(event);
        }}
        onKeyDown={onKeyDown}
      >
        {ids.map((id, index) => {
          const one = row(id);
          return (
            one && (
              <Row
                key={id}
                id={id}
                place={index + 1}
                name={nameOf(one.customer)}
                title={titleOf(one)}
                lang={tagOf(one.lang)}
                words={one.preview?.text ?? ""}
                product={isNamed(one.customer) ? say(one.product?.name, language) : ""}
                topic={say(one.wait?.topic, language)}
                why={reason(one.wait)}
                offered={one.offer?.agent.name ?? ""}
                danger={one.danger}
                visit={one.episode}
                queue={say(one.queue?.name, language)}
                since={one.queued_at ?? one.at}
                current={id === open}
                tab={id === stop}
                gone={!all.has(id)}
                beside={onOpen !== null}
                chosen={selected.has(id)}
                onTake={onTake}
                onMove={onMove}
                onChoose={onChoose}
              />
            )
          );
        })}
      </ol>
    </>
  );
}
