import { tickOf } from "@yingda/api/conversation";
import { useTranslation } from "react-i18next";
import { dayAndTime, hourMinute } from "../lib/format";
import { Icon } from "../lib/icon";
import { initial } from "../lib/people";
import { MessageWords } from "./message-body";
import type { MessageItem, Run } from "./transcript";
import type { Shared } from "./transcript-props";
import { PendingView } from "./transcript-sending";
import { TickMark } from "./transcript-tick";

/** One message of a run: an item of its own, with speaker and time for screen readers; on screen, both are shown once per run. */
function SaidView({
  item,
  who,
  last,
  ours,
  name,
  zone,
  received,
  read,
}: {
  item: MessageItem;
  who: string;
  last: boolean;
  ours: boolean;
  name: string | undefined;
  zone: string;
  received: number;
  read: number;
}) {
  const { t } = useTranslation("desk");
  return (
    <li className="said" data-seq={item.seq} tabIndex={-1}>
      <span className="sr">{who}</span>
      {item.body ? (
        <MessageWords body={item.body} />
      ) : (
        <div className="bubble t3">{item.gone === "recalled" ? t("message.recalled") : t("message.erased")}</div>
      )}
      <div className={last ? "meta" : "sr"}>
        {ours && !item.mine && name && (
          <span aria-hidden="true" dir="auto">
            {name}
          </span>
        )}
        <time dateTime={new Date(item.at).toISOString()} title={dayAndTime(item.at, zone)}>
          {hourMinute(item.at, zone)}
        </time>
        {item.mine && (
          <TickMark
            tick={tickOf({ marks: { customer: { received, read }, staff: { received: 0, read: 0 } } }, item, "staff")}
            words={last}
          />
        )}
      </div>
    </li>
  );
}

/** Messages of one speaker, with one avatar. */
export function RunView({
  run,
  conversation,
  customer,
  zone,
  received,
  read,
  onEdit,
}: Shared & { run: Run; received: number; read: number }) {
  const { t } = useTranslation("desk");
  const who =
    run.side === "customer"
      ? customer
      : run.side === "bot"
        ? t("who.bot")
        : run.mine
          ? t("who.you")
          : (run.by.name ?? t("who.colleague"));
  return (
    <li className={`run run-${run.side}${run.mine ? " run-mine" : ""}`}>
      {run.side === "customer" && (
        <span className="av sm" aria-hidden="true">
          {initial(customer)}
        </span>
      )}
      {run.side === "bot" && (
        <span className="av bot sm" aria-hidden="true">
          <Icon name="bot" />
        </span>
      )}
      <ul className="run-items">
        {run.items.map((item, index) => {
          const last = index === run.items.length - 1;
          return item.kind === "pending" ? (
            <PendingView
              key={item.key}
              conversation={conversation}
              item={item}
              last={last}
              zone={zone}
              onEdit={onEdit}
            />
          ) : (
            <SaidView
              key={item.key}
              item={item}
              who={who}
              last={last}
              ours={run.side === "agent"}
              name={run.by.name}
              zone={zone}
              received={received}
              read={read}
            />
          );
        })}
      </ul>
    </li>
  );
}
