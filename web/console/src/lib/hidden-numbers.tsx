import { call } from "@yingda/api/client";
import { useTranslation } from "react-i18next";
import { Icon } from "./icon";
import { useProblemText } from "./problem";
import { useRevealed } from "./revealed";
import { may, useMe } from "./session";
import { withLinks } from "./words";
import "./hidden-numbers.css";

/** How long numbers stay revealed, in milliseconds. */
const SHOWN_MS = 30_000;

interface Said {
  conversation: string;
  /** The number of the message or note. */
  seq: number;
  text: string;
  /** How many numbers are hidden in the text. */
  hidden: number | undefined;
}

/** Words in which numbers are hidden, with a button that shows them for half a minute to whoever may reveal numbers. */
function Hiding({ conversation, seq, text }: Said) {
  const { t } = useTranslation("desk");
  const me = useMe();
  const said = useProblemText();
  const { data, error, isPending, mutate, reset } = useRevealed(async () => {
    const { text } = await call("POST", "/conversations/{id}/numbers/reveal", {
      path: { id: conversation },
      body: { seq },
    });
    return text;
  }, SHOWN_MS);
  const isShown = typeof data === "string";
  return (
    <>
      <span aria-live="polite">{isShown ? data : withLinks(text)}</span>
      <span className="hidden-numbers">
        <Icon name="lock" />
        <span>{t(isShown ? "numbers.shown" : "numbers.hidden")}</span>
        {may(me, "numbers.reveal") && (
          <button
            type="button"
            className="y-text-button"
            aria-label={t(isShown ? "numbers.hide.all" : "numbers.show.all")}
            aria-disabled={isPending || undefined}
            onClick={() => {
              if (isShown) reset();
              else if (!isPending) mutate();
            }}
          >
            {t(isShown ? "numbers.hide" : "numbers.show")}
          </button>
        )}
        {error !== null && (
          <span className="hot" role="alert">
            {said(error)}
          </span>
        )}
      </span>
    </>
  );
}

/** What somebody wrote, with links; numbers of cards and identities and codes in it are hidden. */
export function SaidWords(said: Said) {
  return said.hidden === undefined ? withLinks(said.text) : <Hiding key={said.text} {...said} />;
}
