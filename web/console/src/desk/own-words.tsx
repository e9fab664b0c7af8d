import type { ConversationView } from "@yingda/api/conversation";
import { Suspense, useCallback, useMemo, useState, type RefObject } from "react";
import { partOf } from "../lib/parts";
import { useTranslation } from "react-i18next";
import { serverNow, useNow } from "../lib/clock";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { langOf } from "../lib/words";
import { useLive } from "../live/context";
import type { ComposerHandle } from "./composer";
import type { Draft } from "./drafts";
import { correctionWindow, lastOwn, quotedAt, recallWindow, wordsNow, type Own, type Quoted } from "./quoted";
import { shortened } from "./shortened";
import "./own-words.css";

const CorrectDialog = partOf(async () => (await import("./correct-dialog")).default);

/** What can be done with words that were said. As long as it stays the same object, the log is not redrawn for it. */
export interface SaidActs {
  /** Whether something can be quoted and changed here: the conversation is open, and this person may write in it. */
  writes: boolean;
  quote(seq: number, isNote: boolean): void;
  correct(own: Own): void;
  recall(seq: number): void;
}

/** Where a conversation is only read. */
export const onlyRead: SaidActs = {
  writes: false,
  quote: () => undefined,
  correct: () => undefined,
  recall: () => undefined,
};

/** Quoting, correcting and taking back in one conversation. */
export function useOwnWords(
  id: string,
  view: ConversationView,
  open: boolean,
  [composer, noting]: readonly [RefObject<ComposerHandle | null>, RefObject<ComposerHandle | null>],
) {
  const me = useMe();
  const live = useLive();
  const { language } = usePrefs();
  const [quoting, setQuoting] = useState<{ id: string; seq: number; isNote: boolean } | null>(null);
  const [correcting, setCorrecting] = useState<{ id: string; own: Own } | null>(null);
  const own = correcting?.id === id ? correcting.own : null;
  const { entries } = view;
  const seq = quoting?.id === id ? quoting.seq : null;
  const quoted = useMemo(
    () => (seq === null ? null : quotedAt(entries, seq, (text) => say(text, language))),
    [entries, seq, language],
  );
  const acts: SaidActs = useMemo(
    () => ({
      writes: open,
      quote(seq, isNote) {
        setQuoting({ id, seq, isNote });
        // What only the staff see is quoted in a note.
        const writing = composer.current ?? noting.current;
        if (isNote) writing?.bring("note", "", []);
        else writing?.focus();
      },
      correct: (own) => setCorrecting({ id, own }),
      recall: (of) => live.send(id, { type: "recall", of }),
    }),
    [id, open, live, composer, noting],
  );
  const forget = useCallback(() => setQuoting(null), []);
  /** What is quoted in a reply or a note: what only the staff see is quoted in notes, and waits for one. */
  const quotedIn = (mode: Draft["mode"]) => (mode === "reply" && quoting?.isNote ? null : quoted);
  return {
    acts,
    quotedIn,
    forget,
    /** Holds again what a refused message quoted, while that has words. */
    quoteAgain: useCallback(
      (seq: number, mode: Draft["mode"]) => setQuoting({ id, seq, isNote: mode === "note" }),
      [id],
    ),
    /** Added to what is sent while something is quoted; what is gone by then is not. */
    withQuote: (mode: Draft["mode"]) => {
      const of = quotedIn(mode);
      if (of) setQuoting(null);
      return of === null || of.gone ? {} : { quote: of.seq };
    },
    /** Opens the correction of the last message of one's own; returns whether there is one. */
    correctLast: () => {
      const last = open ? lastOwn(entries, me.agent, serverNow()) : null;
      if (last) acts.correct(last);
      return last !== null;
    },
    dialog: own && (
      <Suspense fallback={null}>
        <CorrectDialog
          key={own.seq}
          own={own}
          now={wordsNow(entries, own)}
          onSave={(text, over) => live.ask(id, { type: "correct", of: own.seq, text }, over)}
          onRecall={() => acts.recall(own.seq)}
          onClose={() => setCorrecting(null)}
        />
      </Suspense>
    ),
  };
}

function Recall({ at, onRecall }: { at: number; onRecall(): void }) {
  const { t } = useTranslation("desk");
  return useNow(5000) - at > recallWindow ? null : (
    <button type="button" className="y-text-button" onClick={onRecall}>
      {t("message.recall")}
    </button>
  );
}

interface Props {
  acts: SaidActs;
  seq: number;
  at: number;
  mine: boolean;
  isNote: boolean;
  /** what it says, or the name of what it shows: tells the buttons of one message from those of another */
  words: string;
  /** its text, if it is one that can be corrected */
  text: string | null;
}

/** The buttons of one message, which are there while it is pointed at or has the focus. */
export function SaidActsView({ acts, seq, at, mine, isNote, words, text }: Props) {
  const { t } = useTranslation("desk");
  if (!acts.writes) return null;
  const age = serverNow() - at;
  return (
    <span className="said-acts" role="group" aria-label={shortened(words)}>
      <button type="button" className="y-text-button" onClick={() => acts.quote(seq, isNote)}>
        {t("message.quote")}
      </button>
      {mine && text !== null && age <= correctionWindow && (
        <button type="button" className="y-text-button" onClick={() => acts.correct({ seq, at, text, isNote })}>
          {t("message.correct")}
        </button>
      )}
      {mine && age <= recallWindow && <Recall at={at} onRecall={() => acts.recall(seq)} />}
    </span>
  );
}

/** Whose words are quoted, and what they say now. */
function QuotedWords({ of, customer }: { of: Quoted; customer: string }) {
  const { t } = useTranslation("desk");
  const who = of.side === "customer" ? customer : of.side === "bot" ? t("who.bot") : of.name;
  return (
    <>
      {who && <b dir="auto">{who}</b>}
      <span
        className={`el${of.text === null ? " t3" : ""}`}
        dir="auto"
        lang={of.text === null ? undefined : langOf(of.text)}
      >
        {of.text ?? t(of.gone ? "quote.gone" : "quote.earlier")}
      </span>
    </>
  );
}

/** Above a message: what it quotes; a press goes there. */
export function QuoteView({ of, customer, goTo }: { of: Quoted; customer: string; goTo(seq: number): void }) {
  const { t } = useTranslation("desk");
  return (
    <button type="button" className="quoted" title={t("quote.show")} onClick={() => goTo(of.seq)}>
      <QuotedWords of={of} customer={customer} />
    </button>
  );
}

/** Above the composer: what the next message will quote. */
export function QuoteStrip({ of, customer, onClose }: { of: Quoted; customer: string; onClose(): void }) {
  const { t } = useTranslation("desk");
  return (
    <div className="quoted quote-strip" role="status">
      <span className="sr">{t("quote.now")}</span>
      <QuotedWords of={of} customer={customer} />
      <button type="button" className="ib" aria-label={t("quote.drop")} onClick={onClose}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** That a message was corrected; a press shows what it said before. */
export function CorrectedView({ before }: { before: readonly string[] }) {
  const { t } = useTranslation("desk");
  return (
    <details className="corrected">
      <summary>{t("message.corrected")}</summary>
      <ol aria-label={t("message.before")}>
        {before.map((words, at) => (
          // The wordings are only ever added to.
          <li key={at} dir="auto" lang={langOf(words)}>
            {words}
          </li>
        ))}
      </ol>
    </details>
  );
}
