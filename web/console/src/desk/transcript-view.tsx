import { tickOf, type ConversationView } from "@yingda/api/conversation";
import { BEST_SCORE, isGood, isPoor } from "@yingda/api/rating";
import type { Mark } from "@yingda/api/types";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { clock, dayAndTime, dayInWords, hourMinute, hourMinuteSecond } from "../lib/format";
import { Icon, type IconName } from "../lib/icon";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { langOf, withLinks } from "../lib/words";
import { useLive, useStatus } from "../live/context";
import { FileView, MessageWords } from "./message-body";
import type { QueueName } from "./queue-name";
import type { Block, LineNode, MessageItem, PendingItem, Run, Segment, SystemItem } from "./transcript";
import type { Uploading } from "./uploads";
import { WhyMe } from "./why-me";
import "./answer-line.css";

type Tick = ReturnType<typeof tickOf> | "sending" | "waiting" | "failed";

const pictures: Record<Tick, IconName> = {
  sending: "clock",
  waiting: "clock",
  accepted: "check",
  delivered: "checks",
  read: "checks",
  failed: "alert",
};

function TickMark({ tick, words }: { tick: Tick; words: boolean }) {
  const { t } = useTranslation("desk");
  return (
    <span className={`tick tick-${tick}`}>
      <Icon name={pictures[tick]} />
      <span className={words ? undefined : "sr"}>{t(`tick.${tick}`)}</span>
    </span>
  );
}

/** How long the customer has waited or did wait in the queue: the only part of a transcript that changes by itself. */
function WaitOf({ since, until }: { since: number; until: number | null }) {
  const now = useNow(until === null ? 1000 : 600_000);
  return <span className="n">{clock((until ?? now) - since)}</span>;
}

function NodeLine({ node, zone, queueName }: { node: LineNode; zone: string; queueName: QueueName }) {
  const { t } = useTranslation("desk");
  const at = <time dateTime={new Date(node.at).toISOString()}>{hourMinuteSecond(node.at, zone)}</time>;
  const { what } = node;
  return (
    <li className={`node node-${node.owner}`}>
      {what.kind === "bot" && (
        <>
          <span>{t("line.bot")}</span>
          <i className="dot" />
          {at}
        </>
      )}
      {what.kind === "left_queue" && (
        <>
          <span>{t("line.left_queue")}</span>
          <i className="dot" />
          {at}
        </>
      )}
      {what.kind === "handed_back" && (
        <>
          <span>{what.mine ? t("line.you_handed_back") : t("line.handed_back", { name: what.name })}</span>
          <i className="dot" />
          {at}
        </>
      )}
      {what.kind === "queued" && (
        <>
          <span>
            {what.returned ? t("line.returned") : t("line.queued")} <WaitOf since={node.at} until={what.until} />
          </span>
          {what.queue !== "" && (
            <>
              <i className="dot" />
              <span>{queueName(what.queue)}</span>
            </>
          )}
          <i className="dot" />
          {at}
        </>
      )}
      {what.kind === "assigned" && (
        <>
          <b className="brand">
            {what.mine
              ? what.from
                ? t("line.you_from", { name: what.from })
                : t("line.you")
              : what.from
                ? t("line.other_from", { name: what.name, from: what.from })
                : t("line.other", { name: what.name })}
          </b>
          <i className="dot" />
          {at}
          {what.routing && <WhyMe routing={what.routing} at={node.at} mine={what.mine} />}
        </>
      )}
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

function SystemLine({ entry, reason }: Pick<SystemItem, "entry" | "reason">) {
  const { t } = useTranslation("desk");
  switch (entry.kind) {
    case "human_requested": {
      const asked = entry.body?.via === "words" ? "system.human_words" : "system.human_button";
      return <li className="system">{t((reason && called[reason]) ?? asked)}</li>;
    }
    case "rated": {
      const score = entry.body?.score ?? 0;
      return (
        <li className="system">
          <span className={isGood(score) ? "ok b" : isPoor(score) ? "hot b" : "b"}>
            {t("system.rated", { score, best: BEST_SCORE })}
          </span>
          {entry.body?.solved !== undefined && (
            <>
              <i className="dot" />
              {entry.body.solved ? t("system.solved") : t("system.not_solved")}
            </>
          )}
          {entry.body?.comment && <q lang={langOf(entry.body.comment)}>{entry.body.comment}</q>}
        </li>
      );
    }
    case "answer_rated":
      return (
        <li className="system">
          <span className={entry.body?.helpful ? "ok b" : "warn b"}>
            {t(entry.body?.helpful ? "system.helpful" : "system.not_helpful")}
          </span>
        </li>
      );
    case "left_message_handled":
      return (
        <li className="system">
          {t(entry.body?.handled ? "system.left_handled" : "system.left_again", { name: entry.by.name ?? "" })}
        </li>
      );
    case "came_back":
      return <li className="system">{t("system.came_back")}</li>;
    case "answer_judged":
      return (
        <li className="system">
          {t(`system.judged_${entry.body?.verdict ?? "unclear"}`, { name: entry.by.name ?? "" })}
        </li>
      );
    case "alerted":
      return <li className="system hot">{t("system.alerted")}</li>;
    case "alert_acknowledged":
      return <li className="system">{t("system.alert_acknowledged", { name: entry.by.name ?? "" })}</li>;
    case "bot_superseded":
      return <li className="system">{t("system.superseded")}</li>;
    case "identified":
      return <li className="system">{t("system.identified")}</li>;
    case "closed":
      return <li className="system">{t("system.closed")}</li>;
    default:
      return <li className="system">{t("system.unknown")}</li>;
  }
}

export type Edit = (mode: "reply" | "note", text: string, files: readonly string[], clientId: string) => void;

/** What every part of a transcript receives; as long as none of it changes, unchanged parts are not redrawn. */
interface Shared {
  conversation: string;
  customer: string;
  zone: string;
  queueName: QueueName;
  onEdit: Edit;
}

/** A send that has no entry yet. One that is confirmed within a second is shown by a symbol, not by text. */
function PendingView({
  conversation,
  item,
  last,
  zone,
  onEdit,
}: Pick<Shared, "conversation" | "zone" | "onEdit"> & { item: PendingItem; last: boolean }) {
  const { t } = useTranslation("desk");
  const live = useLive();
  const text = useProblemText();
  const down = useStatus().state === "down";
  const now = useNow(500);
  const { pending } = item;
  const failed = pending.code !== undefined;
  // To us, a conversation that someone else serves does not exist; the author of a message in it wants to know that.
  const reason = text(pending.code === "not_found" || pending.code === "not_permitted" ? "not_yours" : pending.code);
  const { body, name } = pending;
  const written = body.type === "text" || body.type === "note" ? body : null;
  const files = body.type === "note" ? (body.files ?? []) : [];
  const words =
    [written?.text, files.length > 0 && t("file.count", { count: files.length })].filter(Boolean).join("\n") ||
    (name ?? t("file.sending"));
  const tick: Tick = failed ? "failed" : pending.seq !== undefined ? "accepted" : down ? "waiting" : "sending";
  return (
    <li className="said" tabIndex={-1}>
      <span className="sr">{t("who.you")}</span>
      <div
        className={`bubble${failed ? " bubble-failed" : ""}${pending.body.type === "note" ? " bubble-note" : ""}`}
        lang={langOf(words)}
      >
        {words}
      </div>
      {failed ? (
        <div className="meta">
          <span className="hot" role="alert">
            {t("tick.failed_why", { reason })}
          </span>
          {name === undefined && (
            <button type="button" className="link b" onClick={() => live.resend(conversation, pending.client_id)}>
              {t("message.resend")}
            </button>
          )}
          {written && (
            <button
              type="button"
              className="link"
              onClick={() => onEdit(written.type === "note" ? "note" : "reply", written.text, files, pending.client_id)}
            >
              {t("message.edit")}
            </button>
          )}
          <button type="button" className="link" onClick={() => live.drop(conversation, pending.client_id)}>
            {t("message.delete")}
          </button>
        </div>
      ) : (
        last && (
          <div className="meta">
            <time>{hourMinute(item.at, zone)}</time>
            <TickMark tick={tick} words={tick !== "sending" || now - item.at > 1000} />
          </div>
        )
      )}
    </li>
  );
}

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
        {ours && !item.mine && name && <span aria-hidden="true">{name}</span>}
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

function RunView({
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

interface BlockProps extends Shared {
  block: Block;
  received: number;
  read: number;
}

const BlockView = memo(function BlockView({ block, ...shared }: BlockProps) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const { zone } = shared;
  switch (block.kind) {
    case "node":
      return <NodeLine node={block.node} zone={zone} queueName={shared.queueName} />;
    case "day":
      return (
        <li className="divider">
          <span>{dayInWords(block.at, zone, language)}</span>
        </li>
      );
    case "unread":
      return (
        <li className="divider divider-unread">
          <span>{t("line.unread")}</span>
        </li>
      );
    case "system":
      return <SystemLine entry={block.item.entry} reason={block.item.reason} />;
    case "note":
      return (
        <li className="note" tabIndex={-1} data-said="">
          <div className="bubble bubble-note">
            <div className="note-head">
              <Icon name="lock" />
              <span>{t("note.private")}</span>
              {block.item.by.name && (
                <>
                  <i className="dot" />
                  <span>{block.item.by.name}</span>
                </>
              )}
              <i className="dot" />
              <time>{hourMinute(block.item.at, zone)}</time>
            </div>
            <span lang={block.item.text ? langOf(block.item.text) : undefined}>
              {block.item.text === null ? t("message.erased") : withLinks(block.item.text)}
            </span>
            {block.item.files.length > 0 && (
              <ul className="note-files">
                {block.item.files.map((file) => (
                  <li key={file.id}>
                    <FileView file={file} />
                  </li>
                ))}
              </ul>
            )}
          </div>
        </li>
      );
    default:
      return <RunView run={block} {...shared} />;
  }
});

/** A mark, limited to this block: a mark beyond its last message makes no difference, so the block is not redrawn for it. */
function within(block: Block, mark: number): number {
  if (block.kind !== "run" || !block.mine) return 0;
  const ords = block.items.map((item) =>
    item.kind === "message" && item.body && "ord" in item.body ? (item.body.ord ?? 0) : 0,
  );
  return Math.max(Math.min(...ords) - 1, Math.min(mark, Math.max(...ords)));
}

function Blocks({ blocks, marks, ...shared }: Shared & { blocks: readonly Block[]; marks: Mark }) {
  return blocks.map((block) => (
    <BlockView
      key={block.key}
      block={block}
      received={within(block, marks.received)}
      read={within(block, marks.read)}
      {...shared}
    />
  ));
}

/** The conversation beside its answer line, which shows who owned it at every moment. */
export function TranscriptView({
  segments,
  view,
  conversation,
  customer,
  zone,
  uploads,
  queueName,
  onEdit,
}: Shared & { segments: readonly Segment[]; view: ConversationView; uploads: readonly Uploading[] }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const live = useLive();
  const failed = view.pending
    .filter((one) => one.code !== undefined && one.name === undefined)
    .map((one) => one.client_id);
  const shared = { conversation, customer, zone, queueName, onEdit, marks: view.marks.customer };
  return (
    <div className="transcript">
      {segments.map((segment) => (
        <section key={segment.key} className={segment.episode ? "episode" : undefined}>
          {segment.episode && (
            <p className="divider">
              <span>
                {t("line.episode", { number: segment.episode.number })}
                <i className="dot" />
                {dayInWords(segment.episode.at, zone, language)}
              </span>
            </p>
          )}
          <ul
            className={`own own-${segment.owner}${segment.end ? (segment.end.settled ? " own-settled" : " own-open") : ""}`}
          >
            <Blocks blocks={segment.blocks} {...shared} />
            {segment.end && (
              <li className={`node node-end${segment.end.settled ? " node-settled" : ""}`}>
                <span>
                  {segment.end.settled
                    ? t(
                        `line.resolved.${segment.end.by === "customer" || segment.end.by === "agent" ? segment.end.by : "system"}`,
                      )
                    : t("line.abandoned")}
                </span>
                <i className="dot" />
                <time>{hourMinuteSecond(segment.end.at, zone)}</time>
              </li>
            )}
          </ul>
          {segment.after.length > 0 && (
            <ul className="own own-after">
              <Blocks blocks={segment.after} {...shared} />
            </ul>
          )}
        </section>
      ))}
      {failed.length > 1 && (
        <div className="resend-all">
          <button type="button" className="link b" onClick={() => live.resend(conversation, ...failed)}>
            {t("message.resend_all", { count: failed.length })}
          </button>
        </div>
      )}
      {(uploads.length > 0 || view.typing?.by === "customer") && (
        <ul className={`own own-tail own-${segments[segments.length - 1]?.owner ?? "agent"}`}>
          {uploads.map((one) => (
            <UploadView key={one.key} upload={one} />
          ))}
          {view.typing?.by === "customer" && (
            <li className="run run-customer">
              <span className="av sm" aria-hidden="true">
                {initial(customer)}
              </span>
              <div className="run-items">
                <div className="bubble typing">
                  <span className="typing-dots" aria-hidden="true">
                    <i />
                    <i />
                    <i />
                  </span>
                  {t("row.typing")}
                </div>
              </div>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function UploadView({ upload }: { upload: Uploading }) {
  const { t } = useTranslation("desk");
  const text = useProblemText();
  const percent = Math.round(upload.share * 100);
  return (
    <li className="run run-agent run-mine">
      <div className="run-items">
        <div className={`bubble file${upload.code ? " bubble-failed" : ""}`}>
          <Icon name={upload.code ? "alert" : "clip"} className={upload.code ? "hot" : undefined} />
          <span className="el">{upload.name}</span>
          {!upload.code && (
            <progress max={100} value={percent} aria-label={t("file.progress", { name: upload.name })} />
          )}
          {!upload.code && <span className="s1 t3 n">{t("file.percent", { percent })}</span>}
        </div>
        <div className="meta">
          {upload.code ? (
            <>
              <span className="hot">{t("tick.failed_why", { reason: text(upload.code) })}</span>
              {upload.retry && (
                <button type="button" className="link b" onClick={upload.retry}>
                  {t("message.resend")}
                </button>
              )}
              <button type="button" className="link" onClick={upload.remove}>
                {t("message.delete")}
              </button>
            </>
          ) : (
            <button type="button" className="link" onClick={upload.remove}>
              {t("file.cancel")}
            </button>
          )}
        </div>
      </div>
    </li>
  );
}
