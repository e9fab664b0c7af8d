import { Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import type { KnowledgeEntry, Lang } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { CheckGroup } from "../lib/check-group";
import { answerCategories } from "../lib/directory";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { useEditor } from "../lib/use-editor";
import { similar, useCreateEntry } from "./queries";
import { sideOf } from "./texts";

export interface Beginning {
  question: string;
  phrasings: string[];
  category?: string;
  /** What agents answered: a proposal that is read and changed before it is saved. */
  answer?: { text: string; lang: Lang } | null;
}

/** What stands for something personal that was hidden. */
const hidden = "•••";

interface NewEntryProps {
  beginning: Beginning;
  onClose(): void;
  onMade(entry: KnowledgeEntry): void;
}

/** Creates an entry from a question, a category, and the phrasings it came with. The answer is written in the editor. */
export function NewEntry({ beginning, onClose, onMade }: NewEntryProps) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const named = useQuery(answerCategories);
  const create = useCreateEntry();
  // If the question was reworded, the customer's original wording is a phrasing like the others.
  const offeredFor = (question: string) =>
    beginning.question === "" || question.trim() === beginning.question
      ? beginning.phrasings
      : [beginning.question, ...beginning.phrasings];
  const editor = useEditor({
    record: null,
    fieldsOf: () => ({
      question: beginning.question,
      category: beginning.category ?? "",
      taken: [beginning.question, ...beginning.phrasings],
      answer: beginning.answer?.text ?? "",
    }),
    shows: ["question", "category", "answer.*"],
    check: ({ question, category, answer }) => ({
      answer: answer.includes(hidden) && t("fault.hidden"),
      question: question.trim() === "" && t("fault.question"),
      category: question.trim() !== "" && category === "" && t("fault.category"),
    }),
    save({ question, category, taken, answer }) {
      const words = question.trim();
      const phrasings = offeredFor(question).filter((one) => taken.includes(one));
      return create.mutateAsync({
        category,
        question: { zh: sideOf(words) === "zh" ? words : "", en: sideOf(words) === "en" ? words : "" },
        similar: {
          zh: phrasings.filter((one) => sideOf(one) === "zh"),
          en: phrasings.filter((one) => sideOf(one) === "en"),
        },
        ...(beginning.answer
          ? {
              answer: {
                zh: sideOf(answer) === "zh" ? answer.trim() : "",
                en: sideOf(answer) === "en" ? answer.trim() : "",
              },
            }
          : {}),
      });
    },
    saved: () => null,
    onSaved: onMade,
    onClose,
  });
  const { set, faults } = editor;
  const { question, category, taken, answer } = editor.fields;
  const offered = offeredFor(question);
  const near = useQuery({ ...similar(question.trim(), ""), enabled: question.trim().length > 1 });
  const clash = near.data?.items.find((one) => one.score >= (near.data?.sure ?? 1));

  return (
    <FormDialog
      editor={editor}
      title={t("new.title")}
      saveWord={beginning.answer ? t("new.approve") : t("new.make")}
      className="kn-form"
      width="34rem"
    >
      <Field label={t("field.question")} hint={t("hint.question")} error={faults.question} required>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            maxLength={200}
            value={question}
            onChange={(event) => set({ question: event.target.value })}
          />
        )}
      </Field>
      {clash && (
        <p className="notice warn" role="status">
          {t("clash", { name: clash.question, score: clash.score.toFixed(2) })}
        </p>
      )}
      <Field
        label={t("field.category")}
        hint={named.data?.items.length === 0 ? t("hint.no_category") : undefined}
        error={faults.category}
        required
      >
        {({ status: _, ...ids }) => (
          <select {...ids} value={category} onChange={(event) => set({ category: event.target.value })}>
            <option value="">{t("choose")}</option>
            {named.data?.items.map((one) => (
              <option key={one.key} value={one.key}>
                {say(one.name, language)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {beginning.answer && (
        <Field label={t("new.answer")} hint={t("new.answer_hint")} error={faults.answer ?? faults["answer.zh"]}>
          {(ids) => (
            <Input.TextArea
              {...ids}
              rows={5}
              maxLength={4000}
              value={answer}
              onChange={(event) => set({ answer: event.target.value })}
            />
          )}
        </Field>
      )}
      {offered.length > 0 && (
        <CheckGroup
          legend={t("new.phrasings")}
          options={offered.map((one) => ({ id: one, label: one }))}
          chosen={taken}
          onChange={(next) => set({ taken: next })}
        />
      )}
    </FormDialog>
  );
}
