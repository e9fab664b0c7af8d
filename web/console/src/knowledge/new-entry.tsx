import { Button, Dialog, Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { KnowledgeEntry } from "@yingda/api/types";
import { useId, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useProblemText } from "../lib/problem";
import { categories as categoriesQuery, similar, useCreateEntry } from "./queries";
import { sideOf } from "./texts";

export interface Beginning {
  question: string;
  phrasings: string[];
  category?: string;
}

interface NewEntryProps {
  beginning: Beginning;
  onClose(): void;
  onMade(entry: KnowledgeEntry): void;
}

/** Creates an entry from a question, a category, and the phrasings it came with. The answer is written in the editor. */
export function NewEntry({ beginning, onClose, onMade }: NewEntryProps) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const text = useProblemText();
  const id = useId();
  const named = useQuery(categoriesQuery);
  const create = useCreateEntry();
  const [question, setQuestion] = useState(beginning.question);
  const [category, setCategory] = useState(beginning.category ?? "");
  const [fault, setFault] = useState<"question" | "category" | null>(null);
  // If the question was reworded, the customer's original wording is a phrasing like the others.
  const offered =
    beginning.question === "" || question.trim() === beginning.question
      ? beginning.phrasings
      : [beginning.question, ...beginning.phrasings];
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set([beginning.question, ...beginning.phrasings]));
  const near = useQuery({ ...similar(question.trim(), ""), enabled: question.trim().length > 1 });
  const clash = near.data?.items.find((one) => one.score >= (near.data?.sure ?? 1));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = question.trim();
    const missing = words === "" ? "question" : category === "" ? "category" : null;
    setFault(missing);
    if (missing || create.isPending) return;
    const phrasings = offered.filter((one) => taken.has(one));
    const similarOf = {
      zh: phrasings.filter((one) => sideOf(one) === "zh"),
      en: phrasings.filter((one) => sideOf(one) === "en"),
    };
    create.mutate(
      {
        category,
        question: { zh: sideOf(words) === "zh" ? words : "", en: sideOf(words) === "en" ? words : "" },
        similar: similarOf,
      },
      { onSuccess: onMade },
    );
  };
  const toggle = (one: string) =>
    setTaken((before) => {
      const next = new Set(before);
      if (!next.delete(one)) next.add(one);
      return next;
    });

  return (
    <Dialog open title={t("new.title")} closeLabel={t("close")} onClose={onClose} width="34rem">
      <form className="kn-form" onSubmit={submit} noValidate>
        <div className="field">
          <label htmlFor={`${id}q`}>{t("field.question")}</label>
          <Input
            id={`${id}q`}
            autoFocus
            maxLength={200}
            value={question}
            status={fault === "question" ? "error" : ""}
            aria-invalid={fault === "question" || undefined}
            aria-describedby={`${id}qe`}
            onChange={(event) => {
              setQuestion(event.target.value);
              setFault(null);
            }}
          />
          <span id={`${id}qe`} className={fault === "question" ? "field-error" : "s1 t3"}>
            {fault === "question" ? t("fault.question") : t("hint.question")}
          </span>
        </div>
        {clash && (
          <p className="notice warn" role="status">
            {t("clash", { name: clash.question, score: clash.score.toFixed(2) })}
          </p>
        )}
        <div className="field">
          <label htmlFor={`${id}c`}>{t("field.category")}</label>
          <select
            id={`${id}c`}
            value={category}
            aria-invalid={fault === "category" || undefined}
            aria-describedby={`${id}ce`}
            onChange={(event) => {
              setCategory(event.target.value);
              setFault(null);
            }}
          >
            <option value="">{t("choose")}</option>
            {named.data?.items.map((one) => (
              <option key={one.key} value={one.key}>
                {say(one.name, language)}
              </option>
            ))}
          </select>
          <span id={`${id}ce`} className={fault === "category" ? "field-error" : "s1 t3"}>
            {fault === "category" ? t("fault.category") : named.data?.items.length === 0 ? t("hint.no_category") : ""}
          </span>
        </div>
        {offered.length > 0 && (
          <fieldset className="kn-ticks">
            <legend>{t("new.phrasings")}</legend>
            {offered.map((one) => (
              <label key={one}>
                <input type="checkbox" checked={taken.has(one)} onChange={() => toggle(one)} />
                <span>{one}</span>
              </label>
            ))}
          </fieldset>
        )}
        {create.isError && (
          <p className="notice hot" role="alert">
            {text(create.error)}
          </p>
        )}
        <div className="row kn-acts">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="primary" htmlType="submit" loading={create.isPending}>
            {t("new.make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
