import { Button, Dialog } from "@yingda/antd";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import type { Faults } from "../lib/field";
import { FormFault } from "../lib/form-dialog";
import { useProblemText } from "../lib/problem";
import { toast } from "../lib/toast";
import { useUnsaved } from "../lib/unsaved";
import { unanswered } from "../live/asked";
import { recallWindow, type Own } from "./quoted";

const noFault: Faults = {};

interface Props {
  own: Own;
  /** What the message says now, which another tab may have changed meanwhile; null if its words are gone. */
  now: string | null;
  /** Sends the correction; `over` is aborted where nobody waits for it any more. */
  onSave(text: string, over: AbortSignal): Promise<string | null>;
  onRecall(): void;
  onClose(): void;
}

/** A correction on its way: it is done once it is stored, or the message says so. What was written stays in the dialog until then. */
function useCorrecting({ own, now, onSave, onClose }: Props) {
  const problem = useProblemText();
  const wordsOf = (code: string) => problem(code === unanswered ? "network" : code);
  const [tried, setTried] = useState<{ text: string; over: AbortController; code: string | null } | null>(null);
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const isDone = tried !== null && now === tried.text && now !== own.text;
  useEffect(() => {
    if (isDone) onClose();
  });
  const save = async (text: string) => {
    const over = new AbortController();
    setTried({ text, over, code: null });
    const code = await onSave(text, over.signal);
    if (over.signal.aborted) return;
    if (code === null) {
      if (shown.current) onClose();
      return;
    }
    // Nobody knows whether it was stored: it is not sent again by itself, because its author is asked again.
    if (code === unanswered) over.abort();
    if (shown.current) setTried({ text, over, code });
    else toast(wordsOf(code), "hot");
  };
  const close = () => {
    tried?.over.abort();
    onClose();
  };
  const code = tried?.code ?? null;
  return {
    waits: tried !== null && code === null,
    fault: code === null ? noFault : { form: wordsOf(code) },
    save,
    close,
  };
}

/** Corrects a message of one's own; as long as that is possible, it can be taken back instead. */
export default function CorrectDialog(props: Props) {
  const { own, now, onRecall } = props;
  const { t } = useTranslation("desk");
  const { t: shell } = useTranslation("shell");
  const form = useId();
  const [text, setText] = useState(own.text);
  useUnsaved(text !== own.text);
  const { waits, fault, save, close } = useCorrecting(props);
  const words = text.trim();
  const recallable = useNow() - own.at <= recallWindow;
  const ready = !waits && now !== null && words !== "" && words !== now;
  return (
    <Dialog
      open
      title={t("correct.title")}
      closeLabel={shell("close")}
      onClose={close}
      placement="center"
      footer={
        <>
          {recallable && !waits && (
            <Button
              danger
              type="text"
              className="form-delete"
              onClick={() => {
                onRecall();
                close();
              }}
            >
              {t("message.recall")}
            </Button>
          )}
          <Button onClick={close}>{shell("cancel")}</Button>
          <Button type="primary" htmlType="submit" form={form} disabled={!ready} aria-busy={waits}>
            {t("correct.save")}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void save(words);
        }}
      >
        <textarea
          className="correct-words"
          rows={4}
          dir="auto"
          autoFocus
          readOnly={waits}
          aria-label={t("correct.words")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {!waits && now !== own.text && (
          <p className="s2 warn" role="status">
            {now === null ? t("quote.gone") : t("correct.changed", { text: now })}
          </p>
        )}
        <FormFault faults={fault} />
        <p className="s2 t3">{t(own.isNote ? "correct.hint_note" : "correct.hint")}</p>
      </form>
    </Dialog>
  );
}
