import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { money } from "../lib/money";
import { usePrefs } from "../lib/prefs";
import { useMe } from "../lib/session";
import { useMacroWords } from "./macro-words";
import { bodyFor } from "./canned";
import { isAnswer, isMacro, isOnSale, type Offered } from "./use-canned";

interface Props {
  id: string;
  /** The question whose answers are offered; `null` while replies are. */
  question: string | null;
  loading: boolean;
  failed: boolean;
  matches: readonly Offered[];
  chosen: number;
  lang: string;
  onChoose(index: number): void;
  onUse(reply: Offered): void;
}

/** The canned replies and macros found by typing `/`, and the answers by `/?`. Focus stays in the text; arrows choose, Enter inserts. */
export function CannedList({ id, question, loading, failed, matches, chosen, lang, onChoose, onUse }: Props) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const { currency } = useMe();
  const { preview } = useMacroWords();
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [chosen, matches]);
  const shown = (one: Offered) => {
    if (isMacro(one))
      return { code: t("macro.word"), title: say(one.name, language), text: preview(one), of: language };
    if (isAnswer(one)) return { code: t("answer.word"), title: one.question, text: one.answer, of: lang };
    if (isOnSale(one)) {
      const price = money(one.price_fen, currency, language);
      return { code: t("card.word"), title: say(one.name, language), text: t("card.send", { price }), of: language };
    }
    const body = bodyFor(one, lang);
    return { code: `/${one.shortcode}`, title: one.title, text: body.text, of: body.lang };
  };
  const none = () => {
    if (question === null) return loading ? t("canned.loading") : failed ? t("canned.failed") : t("canned.none");
    if (question === "") return t("answer.ask");
    return loading ? t("answer.loading") : failed ? t("answer.failed") : t("answer.none");
  };
  return (
    <div className="canned-pop">
      <ul
        id={id}
        ref={list}
        role="listbox"
        aria-label={question === null ? t("composer.canned") : t("composer.answers")}
      >
        {matches.map((reply, index) => {
          const { code, title, text, of } = shown(reply);
          return (
            <li
              key={reply.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              onMouseMove={() => {
                if (index !== chosen) onChoose(index);
              }}
              onMouseDown={(event) => {
                event.preventDefault();
                onUse(reply);
              }}
            >
              <code>{code}</code>
              <b className="el" dir="auto">
                {title}
              </b>
              <span className="el t2" lang={of} dir="auto">
                {text}
              </span>
            </li>
          );
        })}
      </ul>
      {matches.length === 0 && (
        <p className="canned-none" role="status">
          {none()}
        </p>
      )}
    </div>
  );
}
