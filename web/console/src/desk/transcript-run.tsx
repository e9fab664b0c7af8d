import { tickOf } from "@yingda/api/conversation";
import { useTranslation } from "react-i18next";
import { dayAndTime, hourMinute } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { EraseAct } from "./erase-act";
import { MessageWords } from "./message-body";
import { CorrectedView, QuoteView, SaidActsView } from "./own-words";
import { wordsIn } from "./quoted";
import type { MessageItem, Run } from "./transcript";
import type { Shared } from "./transcript-props";
import { PendingView } from "./transcript-sending";
import { TickMark } from "./transcript-tick";

/** One message of a run: an item of its own, with speaker and time for screen readers; on screen, both are shown once per run. */
function SaidView({
  conversation,
  item,
  who,
  last,
  ours,
  name,
  zone,
  received,
  read,
  customer,
  acts,
  goTo,
}: Pick<Shared, "customer" | "acts" | "goTo"> & {
  conversation: string;
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
  const { language } = usePrefs();
  return (
    <li className="said" data-seq={item.seq} tabIndex={-1}>
      <span className="sr">{who}</span>
      {item.quote && <QuoteView of={item.quote} customer={customer} goTo={goTo} />}
      {item.body ? (
        <MessageWords body={item.body} conversation={conversation} seq={item.seq} />
      ) : (
        <div className="bubble t3">{item.gone === "recalled" ? t("message.recalled") : t("message.erased")}</div>
      )}
      <div className={last || item.before.length > 0 ? "meta" : "sr"}>
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
        {item.before.length > 0 && <CorrectedView before={item.before} />}
        {last && item.body && <EraseAct small of={[{ kind: "message", id: conversation, seq: item.seq }]} />}
      </div>
      {item.body && (
        <SaidActsView
          acts={acts}
          seq={item.seq}
          at={item.at}
          mine={item.mine}
          isNote={false}
          words={wordsIn(item.body, (name) => say(name, language))}
          text={item.body.type === "text" ? item.body.text : null}
        />
      )}
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
  acts,
  goTo,
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
              conversation={conversation}
              item={item}
              who={who}
              last={last}
              ours={run.side === "agent"}
              name={run.by.name}
              zone={zone}
              received={received}
              read={read}
              customer={customer}
              acts={acts}
              goTo={goTo}
            />
          );
        })}
      </ul>
    </li>
  );
}
