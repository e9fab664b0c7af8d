import { Button, Input } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import type { LeftMessage } from "@yingda/api/types";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { LeftContact } from "../lib/contact";
import { ago, dayAndTime } from "../lib/format";
import { SaidWords } from "../lib/hidden-numbers";
import { tagOf } from "../lib/i18n";
import { useNameOf, useTitleOf } from "../lib/people";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { useUnsaved } from "../lib/unsaved";
import { useConversation, useLive } from "../live/context";
import { useTend } from "./queries";

/** An answer that was sent from here and is not confirmed yet, or was refused. */
function Sending({ conversation }: { conversation: string }) {
  const { t } = useTranslation("queues");
  const text = useProblemText();
  const live = useLive();
  const view = useConversation(conversation);
  const refused = view.pending.find((one) => one.code !== undefined);
  if (refused)
    return (
      <p className="notice hot" role="alert">
        <span className="grow">{text(refused.code)}</span>
        <button type="button" className="y-text-button" onClick={() => live.resend(conversation, refused.client_id)}>
          {t("send.again")}
        </button>
        <button type="button" className="y-text-button" onClick={() => live.drop(conversation, refused.client_id)}>
          {t("send.drop")}
        </button>
      </p>
    );
  return view.pending.length > 0 ? (
    <p className="s2 t3" role="status">
      {t("sending")}
    </p>
  ) : null;
}

/** How the customer can be reached, and when an answer was promised by, or who gave it. */
function LeftFacts({ message, late }: { message: LeftMessage; late: boolean }) {
  const { t } = useTranslation("queues");
  const me = useMe();
  return (
    <p className="s2 t3">
      {message.contact !== null && message.contact !== "" && (
        <>
          {t("left.contact")}{" "}
          <LeftContact
            conversation={message.conversation}
            seq={message.seq}
            contact={message.contact}
            masked={message.contact_masked}
          />
          <i className="dot" />
        </>
      )}
      {message.done_at !== null ? (
        t(message.answered ? "left.answered" : "left.handled", {
          name: message.done_by ?? "",
          time: dayAndTime(message.done_at, me.time_zone),
        })
      ) : message.promised_by === null ? (
        t("left.no_promise")
      ) : (
        <span className={late ? "hot" : undefined}>
          {t(late ? "left.late" : "left.promised", { time: dayAndTime(message.promised_by, me.time_zone) })}
        </span>
      )}
      {message.done_at === null && message.owner !== null && (
        <>
          <i className="dot" />
          {t("left.owner", { name: message.owner.name })}
        </>
      )}
    </p>
  );
}

/** Where the answer is written, and what becomes of it. */
function Answer({ message, name, open }: { message: LeftMessage; name: string; open: boolean }) {
  const { t } = useTranslation("queues");
  const live = useLive();
  const [words, setWords] = useState("");
  useUnsaved(open && words.trim() !== "", true);
  const [sent, setSent] = useState(false);
  const answer = (event: FormEvent) => {
    event.preventDefault();
    if (words.trim() === "") return;
    live.watch(message.conversation);
    live.send(message.conversation, { type: "text", text: words });
    setWords("");
    setSent(true);
  };
  return (
    <>
      {open && (
        <form className="left-answer" onSubmit={answer}>
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={4000}
            aria-label={t("left.answer_to", { name })}
            lang={tagOf(message.lang)}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <div className="row">
            <span className="s2 t3 grow">{t("left.answer.what")}</span>
            <Button type="primary" htmlType="submit" disabled={words.trim() === ""}>
              {t("send")}
            </Button>
          </div>
        </form>
      )}
      {sent && <Sending conversation={message.conversation} />}
    </>
  );
}

/** A left message: its text, when an answer was promised by, who takes care of it, and the answer. */
export function LeftCard({ message, queue }: { message: LeftMessage; queue: string }) {
  const { t } = useTranslation("queues");
  const { language } = usePrefs();
  const me = useMe();
  const now = useNow(30_000);
  const text = useProblemText();
  const tend = useTend();
  const [open, setOpen] = useState(false);
  const name = useNameOf()(message.customer);
  const title = useTitleOf()({ customer: message.customer, subject: message.text, created_at: message.left_at });
  const late = message.done_at === null && message.promised_by !== null && message.promised_by < now;
  const refuse = (error: unknown) => toast(text(error), "hot");
  return (
    <li className="card left-card" aria-label={title}>
      <div className="row wrap">
        <b dir="auto">{name}</b>
        {queue !== "" && <bdi className="tag line">{queue}</bdi>}
        <span className="grow" />
        <time
          className="s2 t3"
          dateTime={new Date(message.left_at).toISOString()}
          title={dayAndTime(message.left_at, me.time_zone)}
        >
          {ago(Math.min(message.left_at, now), now, language)}
        </time>
      </div>
      <p className="left-words" lang={tagOf(message.lang)} dir="auto">
        {message.text === null ? (
          t("left.gone")
        ) : (
          <SaidWords
            conversation={message.conversation}
            seq={message.seq}
            text={message.text}
            hidden={message.hidden_numbers}
          />
        )}
      </p>
      <LeftFacts message={message} late={late} />
      {message.done_at === null ? (
        <>
          <div className="row wrap">
            <Button
              size="small"
              type={open ? "default" : "primary"}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {t("left.answer")}
            </Button>
            {message.owner?.id === me.agent ? (
              <Button
                size="small"
                loading={tend.isPending}
                onClick={() => tend.mutate({ message, change: { owner: null } }, { onError: refuse })}
              >
                {t("left.give_back")}
              </Button>
            ) : (
              <Button
                size="small"
                loading={tend.isPending}
                onClick={() => tend.mutate({ message, change: { owner: me.agent } }, { onError: refuse })}
              >
                {t("left.mine")}
              </Button>
            )}
            <Button
              size="small"
              disabled={tend.isPending}
              onClick={() =>
                tend.mutate(
                  { message, change: { handled: true } },
                  { onSuccess: () => toast(t("left.now_handled")), onError: refuse },
                )
              }
            >
              {t("left.mark_handled")}
            </Button>
            <Link
              className="y-text-button left-read"
              to="/inbox/$conversation"
              params={{ conversation: message.conversation }}
            >
              {t("left.read")}
            </Link>
          </div>
          <Answer message={message} name={title} open={open} />
        </>
      ) : (
        <div className="row wrap">
          {!message.answered && (
            <Button
              size="small"
              loading={tend.isPending}
              onClick={() => tend.mutate({ message, change: { handled: false } }, { onError: refuse })}
            >
              {t("left.take_back")}
            </Button>
          )}
          {message.answered && (
            <Link
              className="y-text-button left-read"
              to="/inbox/$conversation"
              params={{ conversation: message.conversation }}
            >
              {t("left.read")}
            </Link>
          )}
        </div>
      )}
    </li>
  );
}
