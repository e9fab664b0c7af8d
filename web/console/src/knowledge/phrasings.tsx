import { useQuery } from "@tanstack/react-query";
import { maxLengthOf } from "@yingda/api/graphemes";
import { pressed } from "@yingda/api/keys";
import type { EntryTexts } from "@yingda/api/types";
import { useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { count } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { Kbd } from "../lib/kbd";
import { usePrefs } from "../lib/prefs";
import { usePaused } from "../lib/use-paused";
import { useUnsaved } from "../lib/unsaved";
import { similar } from "./queries";
import { bare, onOneLine, sides, tagOfSide, withPhrasings, type Side } from "./texts";

interface PhrasingsProps {
  id: string;
  texts: EntryTexts;
  live: EntryTexts | null;
  box: RefObject<HTMLTextAreaElement | null>;
  onChange(texts: EntryTexts): void;
}

/** How long after the last keystroke to check whether a different entry already answers the text, in milliseconds. */
export const pause = 350;

/** Names the other entry that resembles the text, and warns if the bot answers the text with that entry. */
export function Clash({ text, except }: { text: string; except: string }) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const words = usePaused(text.trim(), pause);
  const near = useQuery({ ...similar(words, except), enabled: bare(words).length > 1 });
  const clash = near.data?.items.find((one) => one.score >= (near.data?.sure ?? 1));
  if (!clash || words === "") return null;
  const wins = near.data?.answers === clash.id;
  return (
    <p className={wins ? "notice warn kn-clash" : "notice kn-clash"} role="status">
      {t(wins ? "clash" : "clash.near", { name: say(clash.name, language), score: clash.score.toFixed(2) })}
    </p>
  );
}

/** How customers ask: one line each, edited in place; phrasings that are not live yet are marked. */
export function Phrasings({ id, texts, live, box, onChange }: PhrasingsProps) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const [added, setAdded] = useState("");
  useUnsaved(added.trim() !== "", true);
  const known = new Set([...(live?.similar.zh ?? []), ...(live?.similar.en ?? [])].map(bare));
  const total = texts.similar.zh.length + texts.similar.en.length;
  const set = (side: Side, at: number, words: string | null) => {
    const lines = texts.similar[side].flatMap((line, index) =>
      index === at ? (words === null ? [] : [words]) : [line],
    );
    onChange({ ...texts, similar: { ...texts.similar, [side]: lines } });
  };
  const add = () => {
    if (bare(added) === "") return;
    onChange(withPhrasings(texts, [added]));
    setAdded("");
  };
  return (
    <section className="card kn-card" aria-label={t("phrasings")}>
      <header>
        <h2>{t("phrasings")}</h2>
        <span className="t3 s2">{count(total, language)}</span>
        {total < 3 && <span className="tag warn">{t("phrasings.few")}</span>}
      </header>
      <ul className="kn-lines">
        {sides.flatMap((side) =>
          texts.similar[side].map((line, at) => (
            <li key={`${side}${at}`} className={live && !known.has(bare(line)) ? "kn-line kn-line-new" : "kn-line"}>
              <textarea
                lang={tagOfSide(side)}
                rows={1}
                dir="auto"
                value={line}
                maxLength={maxLengthOf(line, 200)}
                aria-label={t("phrasings.one", { number: at + 1 })}
                onKeyDown={(event) => {
                  if (pressed(event) === "Enter") event.preventDefault();
                }}
                onChange={(event) => set(side, at, onOneLine(event.target.value))}
                onBlur={() => {
                  if (bare(line) === "") set(side, at, null);
                }}
              />
              {live && !known.has(bare(line)) && <span className="tag ok">{t("marked.new")}</span>}
              <button
                type="button"
                className="ib s"
                aria-label={t("phrasings.remove", { name: line })}
                title={t("remove")}
                onClick={() => set(side, at, null)}
              >
                <Icon name="close" />
              </button>
            </li>
          )),
        )}
        <li className="kn-line kn-line-add">
          <textarea
            ref={box}
            rows={1}
            dir="auto"
            value={added}
            maxLength={maxLengthOf(added, 200)}
            placeholder={t("phrasings.add")}
            aria-label={t("phrasings.add")}
            onKeyDown={(event) => {
              if (pressed(event) === "Enter") {
                event.preventDefault();
                add();
              }
            }}
            onChange={(event) => setAdded(onOneLine(event.target.value))}
            onBlur={add}
          />
          <Kbd keys="Alt Q" />
        </li>
      </ul>
      <Clash text={added} except={id} />
    </section>
  );
}
