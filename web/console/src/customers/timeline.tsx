import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BEST_SCORE } from "@yingda/api/rating";
import type { Schema } from "@yingda/api/types";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { dayAndTime } from "../lib/format";
import { Icon, type IconName } from "../lib/icon";
import { say } from "../lib/i18n";
import { Listed } from "../lib/listed";
import { LoadingRows } from "../lib/loading";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { timeline } from "./queries";

type Event = Schema<"TimelineEvent">;
type Kind = Event["kind"];

const icons: Record<Kind, IconName> = {
  added: "user",
  visited: "globe",
  conversation: "message",
  left_message: "bell",
  rating: "check",
};

const subject = (event: Event) =>
  event.kind === "conversation" ? event.conversation.id : "conversation" in event ? event.conversation : event.kind;

/** What there is to say of an event besides its kind and time. */
function useSaid(): (event: Event) => ReactNode {
  const { t } = useTranslation("customers");
  const { t: desk } = useTranslation("desk");
  const { language } = usePrefs();
  const door = (id: string, words: string, note?: number) => (
    <Link to="/records" search={{ open: id, ...(note === undefined ? {} : { note }) }} dir="auto" className="el">
      {words}
    </Link>
  );
  return (event) => {
    switch (event.kind) {
      case "added":
        return null;
      case "visited":
        return <span dir="auto">{say(event.name, language)}</span>;
      case "conversation": {
        const { conversation: one } = event;
        return (
          <>
            {door(one.id, one.subject || one.preview?.text || t("conversation.silent"))}
            <span className="row wrap s2 t3">
              <span className="tag">{desk(`standing.${one.state as "active"}`)}</span>
              {one.agent && <bdi>{one.agent.name}</bdi>}
              {one.queue && <span dir="auto">{say(one.queue.name, language)}</span>}
            </span>
          </>
        );
      }
      case "left_message":
        return door(event.conversation, event.text ?? t("left.gone"), event.seq);
      case "rating":
        return (
          <>
            {door(event.conversation, t("rating.of", { score: event.score, best: BEST_SCORE }), event.seq)}
            {event.comment !== null && (
              <span className="customer-note" dir="auto">
                {event.comment}
              </span>
            )}
            {event.solved !== null && (
              <span className="s2 t3">{t(event.solved ? "rating.solved" : "rating.unsolved")}</span>
            )}
          </>
        );
    }
  };
}

/** All that happened with a customer, the newest first. */
export function Timeline({ of }: { of: string }) {
  const { t } = useTranslation("customers");
  const { time_zone: zone } = useMe();
  const found = useInfiniteQuery(timeline(of));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const said = useSaid();
  return (
    <section className="card customer-timeline" aria-labelledby="customer-timeline">
      <h2 id="customer-timeline">{t("timeline")}</h2>
      <Listed of={found} rows={rows} loading={<LoadingRows rows={5} />} empty={<p>{t("timeline.none")}</p>}>
        <ol className="customer-events" aria-labelledby="customer-timeline">
          {rows.map((event) => (
            <li key={`${event.at}:${event.kind}:${subject(event)}`}>
              <Icon name={icons[event.kind]} />
              <div className="customer-event">
                <span className="row wrap">
                  <b>{t(`kind.${event.kind}`)}</b>
                  <time className="s2 t3 n" dateTime={new Date(event.at).toISOString()}>
                    {dayAndTime(event.at, zone)}
                  </time>
                </span>
                {said(event)}
              </div>
            </li>
          ))}
        </ol>
      </Listed>
    </section>
  );
}
