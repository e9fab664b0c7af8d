import { Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failed } from "../lib/failed";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useTyped } from "../lib/use-typed";
import { meanings } from "./queries";

const says = (text: string) => /[\p{L}\p{N}]/u.test(text);

/** Tries a sentence: which synonyms the bot hears in it, and what it makes of it. */
export function Heard({ onWord }: { onWord(word: string): void }) {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  const [text, setText] = useState("");
  const [words, setWords] = useTyped(text, setText);
  const found = useQuery({ ...meanings(text, language), enabled: says(text) });
  const now = says(text) ? found.data : undefined;
  return (
    <section className="card syn-try" aria-label={t("synonyms.try")}>
      <h2>{t("synonyms.try")}</h2>
      <Input
        allowClear
        value={words}
        maxLength={200}
        placeholder={t("synonyms.try.words")}
        aria-label={t("synonyms.try.words")}
        onChange={(event) => setWords(event.target.value)}
      />
      {says(text) && <Failed of={found} />}
      {found.isFetching && !now && (
        <p className="s2 t3" role="status">
          {t("synonyms.try.reading")}
        </p>
      )}
      {now && (
        <div role="status" aria-busy={found.isFetching} className="syn-heard">
          {now.phrases.length === 0 && <p className="t2">{t("synonyms.try.none")}</p>}
          <ul>
            {now.phrases.map(({ phrase, groups }, at) => (
              <li key={`${phrase}${at}`}>
                <mark lang={now.lang} dir="auto">
                  {phrase}
                </mark>
                {groups.map((group) => (
                  <button
                    key={group.join()}
                    type="button"
                    className="syn-group"
                    lang={now.lang}
                    dir="auto"
                    title={t("synonyms.try.open", { words: group.slice(0, 3).join(", ") })}
                    onClick={() => onWord(group[0] ?? phrase)}
                  >
                    {group.filter((word) => word.toLowerCase() !== phrase).join(" · ")}
                  </button>
                ))}
              </li>
            ))}
          </ul>
          <p className="s2 t2">
            {t(`synonyms.outcome.${now.outcome}`)}
            {now.nearest && (now.outcome === "confident" || now.outcome === "did_you_mean") && (
              <b>
                {" "}
                <bdi>{say(now.nearest, language)}</bdi>
              </b>
            )}
          </p>
        </div>
      )}
    </section>
  );
}
