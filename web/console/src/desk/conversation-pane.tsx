import { Button } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { hourMinute, span } from "../lib/format";
import { i18next, say, tagOf } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { useKeys } from "../lib/keys";
import { nameOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { Tip } from "../lib/tip";
import { toast } from "../lib/toast";
import { useConversation, useListed, useLive } from "../live/context";
import { groupMine, nextWaiting, order } from "../live/lists";
import { AlertStrip, isAlerted } from "./alert-strip";
import { Composer, ConversationComposer, type ComposerHandle } from "./composer";
import { ConversationLog } from "./conversation-log";
import { backToDraft } from "./drafts";
import { HeadActs } from "./head-acts";
import { KeptWords } from "./kept-words";
import { LinkStrip } from "./link-strip";
import { Packet } from "./packet";
import { detail } from "./queries";
import { useQueueName } from "./queue-name";
import { mayRead } from "./readable";
import { isSpoken } from "./transcript";
import { useUploads } from "./uploads";
import { useTransfer } from "./use-transfer";

/** Whether the bottom of the conversation, where new messages appear, is in view. */
function useAtFoot(box: RefObject<HTMLDivElement | null>) {
  const [atFoot, setAtFoot] = useState(true);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setAtFoot(element.scrollTop > -80);
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [box]);
  return atFoot;
}

function useLookedAt() {
  const [looked, setLooked] = useState(() => document.hasFocus() && !document.hidden);
  useEffect(() => {
    const look = () => setLooked(document.hasFocus() && !document.hidden);
    addEventListener("focus", look);
    addEventListener("blur", look);
    document.addEventListener("visibilitychange", look);
    return () => {
      removeEventListener("focus", look);
      removeEventListener("blur", look);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return looked;
}

interface Props {
  id: string;
  onShowCustomer(): void;
  customerShown: boolean;
}

export function ConversationPane({ id, onShowCustomer, customerShown }: Props) {
  const { t } = useTranslation("desk");
  const { t: shell } = useTranslation("shell");
  const { language } = usePrefs();
  const me = useMe();
  const live = useLive();
  const navigate = useNavigate();
  const view = useConversation(id);
  const readable = mayRead(view, me);
  const { data, isError } = useQuery({ ...detail(id), enabled: readable });
  const { Transfer, transferring, transfer, close } = useTransfer();
  const box = useRef<HTMLDivElement>(null);
  const atFoot = useAtFoot(box);
  const looked = useLookedAt();
  const uploads = useUploads({
    chosen: useCallback((conversation: string, name: string) => live.chosen(conversation, name), [live]),
    settled: useCallback((conversation: string, remembered: string) => live.drop(conversation, remembered), [live]),
    uploaded: useCallback(
      (conversation: string, file: string) => {
        live.send(conversation, { type: "file", file });
      },
      [live],
    ),
  });
  const composer = useRef<ComposerHandle>(null);
  const [edited, setEdited] = useState(0);
  const queueName = useQueueName();

  const { listed: summary, mine } = useListed(id);
  const named = summary?.customer ?? data?.customer;
  const customer = named ? nameOf(named, shell) : "";
  const lang = summary?.lang ?? data?.lang ?? language;
  const channel = summary?.channel ?? data?.channel;
  const loaded = view.seq !== null;

  // What was unread when the conversation was opened stays marked until the conversation is left.
  const [unreadAfter, setUnreadAfter] = useState<{ id: string; ord: number | null } | null>(null);
  if (loaded && unreadAfter?.id !== id)
    setUnreadAfter({
      id,
      ord: view.ord.customer > view.marks.staff.read && view.marks.staff.read > 0 ? view.marks.staff.read : null,
    });

  const { customer: lastOfCustomer } = view.ord;
  const read = view.marks.staff.read;
  useEffect(() => {
    if (!loaded || !mine || lastOfCustomer === 0) return;
    live.mark(id, lastOfCustomer, looked && atFoot ? lastOfCustomer : read);
  }, [live, id, loaded, mine, lastOfCustomer, read, looked, atFoot]);

  /** Reports success only if the connection is live; nothing is done until the server knows of it. */
  const said = (done: string) => toast(live.status.get().state === "live" ? done : t("link.later"));
  const edit = useCallback(
    (mode: "reply" | "note", text: string, files: readonly string[], clientId: string) => {
      live.drop(id, clientId);
      if (composer.current) composer.current.bring(mode, text, files);
      else {
        backToDraft(me.agent, id, mode, text);
        setEdited((n) => n + 1);
      }
    },
    [live, id, me.agent],
  );
  const note = (text: string, files: readonly string[]) => {
    live.send(id, { type: "note", text, ...(files.length > 0 ? { files: [...files] } : {}) });
    box.current?.scrollTo({ top: 0 });
  };
  /** While somebody may be in danger and nobody has answered, the conversation does not leave the agent's hands unseen. */
  const alerted = isAlerted(view.entries);
  const held = alerted ? t("alert.first") : "";
  const isHeld = () => {
    if (held !== "") toast(held, "hot");
    return held !== "";
  };
  const resolve = () => {
    if (!mine || isHeld()) return;
    live.send(id, { type: "resolve" });
    said(t("resolve.done", { name: customer }));
    const lists = live.lists.get();
    const groups = lists && groupMine(lists.mine.values());
    const next = groups && (nextWaiting(groups, id) ?? order(groups).find((other) => other !== id));
    if (next) void navigate({ to: "/inbox/$conversation", params: { conversation: next }, search: {} });
  };
  const handBack = () => {
    if (!mine || isHeld()) return;
    live.send(id, { type: "hand_back" });
    if (live.status.get().state !== "live") toast(t("link.later"));
    else
      toast(t("hand_back.done", { name: customer }), "plain", {
        word: t("undo"),
        run: () => live.send(id, { type: "take" }),
      });
  };
  useKeys({
    "Alt+KeyR": resolve,
    "Alt+KeyB": handBack,
    "Alt+KeyT": () => {
      if (mine) transfer();
    },
  });

  const waits = loaded && view.state === "queued" && !mine;
  const take = () => {
    live.send(id, { type: "take" });
    void navigate({ to: "/inbox/$conversation", params: { conversation: id }, search: {} });
  };
  /** Whoever sees an alert may write at once, also after the end. */
  const mayAnswerAlert = readable && alerted && (view.state === "bot" || view.state === "resolved");
  const mayTakeOver = me.role !== "agent" || data?.agent?.id === me.agent;
  const product = data?.product ? say(data.product.name, language) : "";
  const uploading = useMemo(() => uploads.list.filter((one) => one.conversation === id), [uploads.list, id]);
  const log = (
    <ConversationLog
      id={id}
      view={view}
      customer={customer}
      unreadAfter={unreadAfter?.ord ?? null}
      uploads={uploading}
      box={box}
      onEdit={edit}
    />
  );
  if (view.gone !== null) {
    return (
      <>
        <header className="conversation-head">
          <Link className="ib conversation-back" to="/inbox" search={(now) => now} aria-label={t("conversation.back")}>
            <Icon name="left" />
          </Link>
          <h1 className="el grow">{customer}</h1>
        </header>
        <div className="conversation-gone">
          <p className="empty">{t("conversation.gone")}</p>
          {view.pending.some(isSpoken) && log}
          <KeptWords key={edited} conversation={id} />
        </div>
        <LinkStrip />
      </>
    );
  }

  return (
    <>
      <header className="conversation-head">
        <Link className="ib conversation-back" to="/inbox" search={(now) => now} aria-label={t("conversation.back")}>
          <Icon name="left" />
        </Link>
        <div className="grow">
          <h1 className="el">{customer || (isError ? t("conversation.unknown") : "")}</h1>
          <div className="s1 t3 el">
            {channel && t(`channel.${channel}`)}
            {(data?.page?.title || product) && (
              <>
                <i className="dot" />
                {t("conversation.viewing")} <span className="t2">{product || data?.page?.title}</span>
              </>
            )}
          </div>
        </div>
        {mine && (
          <HeadActs
            name={customer}
            held={held}
            onTransfer={transfer}
            onHandBack={handBack}
            onResolve={resolve}
            onCustomer={onShowCustomer}
          />
        )}
        <Tip name={t("pane.customer")} keys="Alt I">
          <button
            type="button"
            className="ib head-customer"
            aria-pressed={customerShown}
            aria-label={t("pane.customer")}
            onClick={onShowCustomer}
          >
            <Icon name="user" />
          </button>
        </Tip>
      </header>
      <AlertStrip id={id} view={view} onTake={waits ? take : null} />
      <Packet key={id} view={view} />
      {log}
      {!atFoot && (
        <button type="button" className="to-foot" onClick={() => box.current?.scrollTo({ top: 0 })}>
          <Icon name="down" />
          {t("conversation.to_foot")}
        </button>
      )}
      <LinkStrip />
      {loaded && (mine || (view.state === "active" && view.agent?.id === me.agent) || mayAnswerAlert) ? (
        <ConversationComposer
          conversation={id}
          customer={named ? nameOf(named, i18next.getFixedT(tagOf(lang), "shell")) : ""}
          lang={lang}
          handle={composer}
          onReply={(text) => {
            live.send(id, { type: "text", text });
            box.current?.scrollTo({ top: 0 });
          }}
          onNote={note}
          onTyping={(on) => live.typing(id, on)}
          onFiles={(files) => uploads.add(id, files)}
        />
      ) : (
        loaded && (
          <>
            <KeptWords key={edited} conversation={id} />
            <div className="conversation-closed">
              {view.state === "queued" && (
                <>
                  <span className="grow">{t("closed.queued", { queue: queueName(view.queue ?? "") })}</span>
                  {/* While there is an alert, its strip has the button. */}
                  {!alerted && (
                    <Button type="primary" onClick={take}>
                      {t("take")}
                    </Button>
                  )}
                </>
              )}
              {view.state === "bot" && (
                <>
                  <span className="grow">{t("closed.bot")}</span>
                  {mayTakeOver && <Button onClick={() => live.send(id, { type: "take" })}>{t("take_over")}</Button>}
                </>
              )}
              {(view.state === "resolved" || view.state === "closed") && (
                <span>
                  {data?.resolved_at
                    ? t("closed.resolved_at", {
                        time: hourMinute(data.resolved_at, me.time_zone),
                        span: span(data.resolved_at - data.created_at, language),
                      })
                    : t("closed.resolved")}
                </span>
              )}
              {(view.state === "active" ||
                view.state === "offered" ||
                view.state === "on_hold" ||
                view.state === "snoozed") && <span>{t("closed.other", { name: view.agent?.name ?? "" })}</span>}
            </div>
            {readable && view.state !== "closed" && (
              <Composer
                key={id}
                conversation={id}
                customer={customer}
                lang={lang}
                notesOnly
                onReply={() => undefined}
                onNote={note}
                onTyping={() => undefined}
                onFiles={() => undefined}
              />
            )}
          </>
        )
      )}
      {Transfer && (
        <Transfer
          open={transferring}
          customer={customer}
          onClose={close}
          onTransfer={(to, name, note) => {
            live.send(id, { type: "transfer", to, ...(note ? { note } : {}) });
            said(t("transfer.done", { name }));
          }}
        />
      )}
    </>
  );
}
