import { useQuery } from "@tanstack/react-query";
import type { SendBody } from "@yingda/api/types";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { givenName, nameOf, titleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useConversation, useListed, useLive } from "../live/context";
import { AlertStrip, isAlerted, isInDanger } from "./alert-strip";
import { ConversationComposer, type ComposerHandle } from "./composer";
import { ConversationClosed } from "./conversation-closed";
import { ConversationGone } from "./conversation-gone";
import { ConversationHead } from "./conversation-head";
import { ConversationLog } from "./conversation-log";
import { backToDraft } from "./drafts";
import { HeadActs } from "./head-acts";
import { LinkStrip } from "./link-strip";
import { Packet } from "./packet";
import { detail } from "./queries";
import { mayRead } from "./readable";
import { isSpoken } from "./transcript";
import type { Edit } from "./transcript-props";
import { isAnswered, useActs } from "./use-acts";
import { useOwnUploads } from "./use-own-uploads";
import { useReading } from "./use-reading";
import { useTransfer } from "./use-transfer";

/** Who a conversation is with and where they came from: from the row of its list, which arrives first, or from its details. */
function useCustomer(id: string, readable: boolean) {
  const { t: shell } = useTranslation("shell");
  const { language } = usePrefs();
  const { data, isError } = useQuery({ ...detail(id), enabled: readable });
  const { listed, mine } = useListed(id);
  const named = listed?.customer ?? data?.customer;
  const lang = listed?.lang ?? data?.lang ?? language;
  return {
    data,
    isError,
    mine,
    lang,
    channel: listed?.channel ?? data?.channel,
    customer: named ? nameOf(named, shell) : "",
    title: named ? titleOf({ customer: named, subject: listed?.subject ?? data?.subject }, shell) : "",
    /** The customer's own name, for replies to them. */
    called: named ? givenName(named) : null,
    viewing: (data?.product && say(data.product.name, language)) || data?.page?.title || "",
  };
}

/** Puts a refused message back into the composer, or into its draft while there is no composer; `edited` changes with each of those. */
function useEdit(id: string) {
  const me = useMe();
  const live = useLive();
  const composer = useRef<ComposerHandle>(null);
  const [edited, setEdited] = useState(0);
  const edit: Edit = useCallback(
    (mode, text, files, clientId) => {
      live.drop(id, clientId);
      if (composer.current) composer.current.bring(mode, text, files);
      else {
        backToDraft(me.agent, id, mode, text);
        setEdited((n) => n + 1);
      }
    },
    [live, id, me.agent],
  );
  return { composer, edited, edit };
}

interface Props {
  id: string;
  onShowCustomer(): void;
  customerShown: boolean;
}

export function ConversationPane({ id, onShowCustomer, customerShown }: Props) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const live = useLive();
  const view = useConversation(id);
  const readable = mayRead(view, me);
  const { data, isError, mine, lang, channel, customer, title, called, viewing } = useCustomer(id, readable);
  const { Transfer, transferring, transfer, close } = useTransfer();
  const { box, atFoot, unreadAfter, toFoot } = useReading(id, view, mine);
  const { uploads, add } = useOwnUploads(id);
  const { composer, edited, edit } = useEdit(id);
  const alerted = isAlerted(view.entries);
  const acts = useActs(id, { customer, mine, alerted, answered: isAnswered(view) });
  useKeys({
    "Alt+KeyR": acts.resolve,
    "Alt+KeyB": acts.handBack,
    "Alt+KeyT": () => {
      if (mine) transfer();
    },
  });

  const loaded = view.seq !== null;
  const waits = loaded && view.state === "queued" && !mine;
  /** Whoever sees an alert may write at once, also after the end. */
  const mayAnswerAlert = readable && alerted && (view.state === "bot" || view.state === "resolved");
  const writes = mine || (view.state === "active" && view.agent?.id === me.agent) || mayAnswerAlert;
  const send = (body: SendBody) => {
    live.send(id, body);
    toFoot();
  };
  const note = (text: string, files: readonly string[]) =>
    send({ type: "note", text, ...(files.length > 0 ? { files: [...files] } : {}) });
  const log = (
    <ConversationLog
      id={id}
      view={view}
      customer={customer}
      unreadAfter={unreadAfter}
      uploads={uploads}
      box={box}
      onEdit={edit}
    />
  );
  if (view.gone !== null)
    return <ConversationGone id={id} customer={customer} edited={edited} unsent={view.pending.some(isSpoken) && log} />;

  return (
    <>
      <ConversationHead
        title={title || (isError ? t("conversation.unknown") : "")}
        customer={title === customer ? "" : customer}
        channel={channel}
        viewing={viewing}
        customerShown={customerShown}
        onShowCustomer={onShowCustomer}
      >
        {mine && (
          <HeadActs
            name={customer}
            held={acts.held}
            onTransfer={transfer}
            onHandBack={acts.handBack}
            onResolve={acts.resolve}
            onCustomer={onShowCustomer}
          />
        )}
      </ConversationHead>
      <AlertStrip id={id} view={view} onTake={waits ? acts.take : null} />
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
          handle={composer}
          onReply={(text) => send({ type: "text", text })}
          onNote={note}
          onTyping={(on) => live.typing(id, on)}
          onFiles={add}
        />
      )}
      {loaded && !writes && (
        <ConversationClosed
          id={id}
          customer={called}
          lang={lang}
          readable={readable}
          edited={edited}
          view={view}
          data={data}
          danger={isInDanger(view)}
          onTake={acts.take}
          onTakeOver={acts.takeOver}
          onReopen={acts.reopen}
          onNote={note}
        />
      )}
      {Transfer && <Transfer open={transferring} customer={customer} onClose={close} onTransfer={acts.transferTo} />}
    </>
  );
}
