import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { givenName, useNameOf, useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useConversation, useListed, useLive } from "../live/context";
import { AlertStrip, isAlerted, isInDanger } from "./alert-strip";
import { BlockAct, useBlocking } from "./block-act";
import { ConversationComposer } from "./composer";
import { ConversationClosed } from "./conversation-closed";
import { ConversationGone } from "./conversation-gone";
import { ConversationHead } from "./conversation-head";
import { ConversationLog } from "./conversation-log";
import { HeadActs } from "./head-acts";
import { LinkStrip } from "./link-strip";
import { Packet } from "./packet";
import { PauseStrip } from "./pause-acts";
import { EraseAct, erasableIn } from "./erase-act";
import { detail } from "./queries";
import { mayRead } from "./readable";
import { isSpoken } from "./transcript";
import { isAnswered, useActs } from "./use-acts";
import { useLabels } from "./use-labels";
import { useOwnUploads } from "./use-own-uploads";
import { useReading } from "./use-reading";
import { useSaying } from "./use-saying";
import { useTransfer } from "./use-transfer";

/** Who a conversation is with and where they came from: from the row of its list, which arrives first, or from its details. */
function useCustomer(id: string, readable: boolean) {
  const { language } = usePrefs();
  const nameOf = useNameOf();
  const titleOf = useTitleOf();
  const { data, isError } = useQuery({ ...detail(id), enabled: readable });
  const { listed, mine } = useListed(id);
  const named = listed?.customer ?? data?.customer;
  const lang = listed?.lang ?? data?.lang ?? language;
  return {
    data,
    isError,
    listed,
    mine,
    lang,
    channel: listed?.channel ?? data?.channel,
    customer: named ? nameOf(named) : "",
    title: named ? titleOf({ ...data, ...listed, customer: named }) : "",
    /** The customer's own name, for replies to them. */
    called: named ? givenName(named) : null,
    viewing: (data?.product && say(data.product.name, language)) || data?.page?.title || "",
  };
}

interface Props {
  id: string;
  onShowCustomer(): void;
  customerShown: boolean;
}

interface HeadProps extends Props {
  who: ReturnType<typeof useCustomer>;
  acts: Pick<ReturnType<typeof useActs>, "held" | "hold" | "snooze" | "handBack">;
  writes: boolean;
  onTransfer(): void;
  onLabel(): void;
  onResolve(): void;
}

/** Who the conversation is with, and what can be done with it. */
function PaneHead({ id, who, acts, writes, customerShown, onShowCustomer, ...on }: HeadProps) {
  const { t } = useTranslation("desk");
  const { data, isError, listed, mine, channel, customer, title, viewing } = who;
  const blocking = useBlocking(id, customer, data?.visitor.block ?? null);
  const blocks = writes && data !== undefined;
  return (
    <ConversationHead
      title={title || (isError ? t("conversation.unknown") : "")}
      customer={title === customer ? "" : customer}
      channel={channel}
      viewing={viewing}
      labels={listed?.labels ?? data?.labels ?? []}
      customerShown={customerShown}
      onShowCustomer={onShowCustomer}
    >
      {mine && (
        <HeadActs
          name={title}
          held={acts.held}
          onHold={acts.hold}
          onSnooze={acts.snooze}
          onHandBack={acts.handBack}
          onCustomer={onShowCustomer}
          blocking={blocks ? blocking : null}
          {...on}
        />
      )}
      {blocks && <BlockAct of={blocking} />}
      {blocking.dialog}
      {data && <EraseAct of={erasableIn(data)} />}
    </ConversationHead>
  );
}

export function ConversationPane({ id, onShowCustomer, customerShown }: Props) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const live = useLive();
  const view = useConversation(id);
  const readable = mayRead(view, me);
  const who = useCustomer(id, readable);
  const { data, listed, mine, lang, customer, title, called } = who;
  const { Transfer, transferring, transfer, close } = useTransfer();
  const { box, atFoot, unreadAfter, toFoot } = useReading(id, view, mine);
  const { uploads, add } = useOwnUploads(id);
  const saying = useSaying({ id, view, customer, toFoot, add });
  const alerted = isAlerted(view.entries);
  const acts = useActs(id, { customer: title, mine, alerted, answered: isAnswered(view) });
  const { dialog, label, resolve } = useLabels(id, mine ? listed : undefined, acts.resolve, title);
  useKeys({
    "Alt+KeyR": resolve,
    "Alt+KeyL": label,
    "Alt+KeyB": acts.handBack,
    "Alt+KeyH": acts.hold,
    "Alt+KeyT": () => {
      if (mine) transfer();
    },
  });

  const loaded = view.seq !== null;
  const waits = loaded && view.state === "queued" && !mine;
  /** Whoever sees an alert may write at once, also after the end. */
  const mayAnswerAlert = readable && alerted && (view.state === "bot" || view.state === "resolved");
  const writes = mine || (view.state === "active" && view.agent?.id === me.agent) || mayAnswerAlert;
  const log = (
    <ConversationLog
      id={id}
      view={view}
      customer={customer}
      unreadAfter={unreadAfter}
      uploads={uploads}
      box={box}
      onEdit={saying.onEdit}
      acts={saying.acts}
    />
  );
  if (view.gone !== null)
    return (
      <ConversationGone id={id} customer={title} edited={saying.edited} unsent={view.pending.some(isSpoken) && log} />
    );

  return (
    <>
      <PaneHead
        id={id}
        who={who}
        acts={acts}
        writes={writes}
        customerShown={customerShown}
        onShowCustomer={onShowCustomer}
        onTransfer={transfer}
        onLabel={label}
        onResolve={resolve}
      />
      <AlertStrip id={id} view={view} onTake={waits ? acts.take : null} />
      {mine && <PauseStrip id={id} view={view} listed={listed} />}
      <Packet key={id} view={view} />
      {log}
      {!atFoot && (
        <button type="button" className="to-foot" onClick={toFoot}>
          <Icon name="down" />
          {t("conversation.to_foot")}
        </button>
      )}
      <LinkStrip />
      {loaded && writes && (
        <ConversationComposer
          conversation={id}
          customer={called}
          lang={lang}
          handle={saying.composer}
          above={saying.strip}
          onUp={saying.correctLast}
          onReply={saying.onReply}
          onNote={saying.onNote}
          onTyping={(on) => live.typing(id, on)}
          onFiles={saying.onFiles}
        />
      )}
      {loaded && !writes && (
        <ConversationClosed
          id={id}
          customer={called}
          lang={lang}
          readable={readable}
          edited={saying.edited}
          view={view}
          data={data}
          offer={listed?.offer ?? null}
          danger={isInDanger(view)}
          onTake={acts.take}
          onTakeOver={acts.takeOver}
          onReopen={acts.reopen}
          above={saying.strip}
          onUp={saying.correctLast}
          handle={saying.noting}
          onNote={saying.onNote}
        />
      )}
      {dialog}
      {saying.dialog}
      {Transfer && <Transfer open={transferring} customer={title} onClose={close} onTransfer={acts.transferTo} />}
    </>
  );
}
