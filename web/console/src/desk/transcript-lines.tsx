import type { Words } from "@yingda/api/kinds";
import { BEST_SCORE, isGood, isPoor } from "@yingda/api/rating";
import type { Entry } from "@yingda/api/types";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { clock, hourMinuteSecond } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { langOf } from "../lib/words";
import type { QueueName } from "./queue-name";
import type { LineNode, SystemItem } from "./transcript";
import { WhyMe } from "./why-me";

/** How long the customer has waited or did wait in the queue: the only part of a transcript that changes by itself. */
function WaitOf({ since, until }: { since: number; until: number | null }) {
  const now = useNow(until === null ? 1000 : 600_000);
  return <span className="n">{clock((until ?? now) - since)}</span>;
}

function Said({ words: [key, values] }: { words: Words }) {
  const { t } = useTranslation("desk");
  return <span>{t(key, { ...values })}</span>;
}

function Queued({
  what,
  at,
  queueName,
}: {
  what: LineNode["what"] & { kind: "queued" };
  at: number;
  queueName: QueueName;
}) {
  const { t } = useTranslation("desk");
  return (
    <>
      <span>
        {what.returned ? t("line.returned") : t("line.queued")} <WaitOf since={at} until={what.until} />
      </span>
      {what.queue !== "" && (
        <>
          <i className="dot" />
          <span>{queueName(what.queue)}</span>
        </>
      )}
    </>
  );
}

function Assigned({ what }: { what: LineNode["what"] & { kind: "assigned" } }) {
  const { t } = useTranslation("desk");
  const { name, from, mine } = what;
  const words = mine
    ? from
      ? t("line.you_from", { name: from })
      : t("line.you")
    : from
      ? t("line.other_from", { name, from })
      : t("line.other", { name });
  return <b className="brand">{words}</b>;
}

/** A point of the answer line: somebody else has the conversation from here on. */
export function NodeLine({ node, zone, queueName }: { node: LineNode; zone: string; queueName: QueueName }) {
  const { what, at, owner } = node;
  return (
    <li className={`node node-${owner}`}>
      {what.kind === "words" && <Said words={what.words} />}
      {what.kind === "queued" && <Queued what={what} at={at} queueName={queueName} />}
      {what.kind === "assigned" && <Assigned what={what} />}
      <i className="dot" />
      <time dateTime={new Date(at).toISOString()}>{hourMinuteSecond(at, zone)}</time>
      {what.kind === "assigned" && what.routing && <WhyMe routing={what.routing} at={at} mine={what.mine} />}
    </li>
  );
}

/** How a person came to be called, where it was not the customer who asked plainly. */
const called: Partial<
  Record<NonNullable<SystemItem["reason"]>, "system.human_danger" | "system.human_accepted" | "system.human_wished">
> = {
  danger: "system.human_danger",
  misses: "system.human_accepted",
  mood: "system.human_accepted",
  repetition: "system.human_accepted",
  wish: "system.human_wished",
};

function Rated({ body }: Entry & { kind: "rated" }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const score = body?.score ?? 0;
  return (
    <li className="system">
      <span className={isGood(score) ? "ok b" : isPoor(score) ? "hot b" : "b"}>
        {t("system.rated", { score, best: BEST_SCORE })}
      </span>
      {body?.solved !== undefined && (
        <>
          <i className="dot" />
          {body.solved ? t("system.solved") : t("system.not_solved")}
        </>
      )}
      {body?.reasons?.map(({ id, name }) => (
        <span key={id} className="tag" dir="auto">
          {say(name, language)}
        </span>
      ))}
      {body?.comment && (
        <q lang={langOf(body.comment)} dir="auto">
          {body.comment}
        </q>
      )}
    </li>
  );
}

/** A line about something that leaves the conversation where it is. */
export function SystemLine({ item }: { item: SystemItem }): ReactElement {
  const { t } = useTranslation("desk");
  const { entry, reason } = item;
  const [key, values, look] = item.words;
  if (entry.kind === "rated") return <Rated {...entry} />;
  const words = t((reason && called[reason]) ?? key, { ...values });
  return <li className="system">{look ? <span className={`${look} b`}>{words}</span> : words}</li>;
}
