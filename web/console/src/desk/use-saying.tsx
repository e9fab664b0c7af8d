import type { ConversationView } from "@yingda/api/conversation";
import type { SendBody } from "@yingda/api/types";
import { useCallback, useRef, useState } from "react";
import { useMe } from "../lib/session";
import { useLive } from "../live/context";
import type { ComposerHandle } from "./composer";
import { backToDraft, type Draft } from "./drafts";
import { QuoteStrip, useOwnWords } from "./own-words";
import { mayServe } from "./readable";
import type { Edit } from "./transcript-props";

/** A note as it is sent. */
const noteOf = (text: string, files: readonly string[], mentions: readonly string[]): SendBody => ({
  type: "note",
  text,
  ...(files.length > 0 ? { files: [...files] } : {}),
  ...(mentions.length > 0 ? { mentions: [...mentions] } : {}),
});

interface Of {
  id: string;
  view: ConversationView;
  customer: string;
  /** Called after each message. */
  toFoot(): void;
  /** Uploads files, and sends them. */
  add(files: File[]): void;
}

/** What is said in the open conversation and how: replies and notes with what they quote, and what was refused, which goes back into the composer or, while there is none, into its draft. */
export function useSaying({ id, view, customer, toFoot, add }: Of) {
  const me = useMe();
  const live = useLive();
  const composer = useRef<ComposerHandle>(null);
  /** The composer where only notes can be written. */
  const noting = useRef<ComposerHandle>(null);
  /** Changes with each draft that something was put back into. */
  const [edited, setEdited] = useState(0);
  const open = view.seq !== null && view.state !== "resolved" && view.state !== "closed" && mayServe(view, me);
  const { quotedIn, quoteAgain, withQuote, forget, ...own } = useOwnWords(id, view, open, [composer, noting]);
  const send = (body: SendBody) => {
    live.send(id, body);
    toFoot();
  };
  const onEdit: Edit = useCallback(
    ({ mode, text, files, quote }, clientId) => {
      live.drop(id, clientId);
      if (quote !== undefined) quoteAgain(quote, mode);
      if (composer.current) composer.current.bring(mode, text, files);
      else {
        backToDraft(me.agent, id, mode, text);
        setEdited((n) => n + 1);
      }
    },
    [live, id, me.agent, quoteAgain],
  );
  return {
    ...own,
    composer,
    noting,
    edited,
    onEdit,
    /** Above what is being written: what it quotes. */
    strip: (mode: Draft["mode"]) => {
      const quoted = quotedIn(mode);
      return quoted && <QuoteStrip of={quoted} customer={customer} onClose={forget} />;
    },
    onReply: (text: string) => send({ type: "text", text, ...withQuote("reply") }),
    onNote: (...words: Parameters<typeof noteOf>) => send({ ...noteOf(...words), ...withQuote("note") }),
    onFiles: (files: File[]) => {
      // A file quotes nothing: what was quoted for it is not left for the next message.
      if (quotedIn("reply")) forget();
      add(files);
    },
  };
}
