import { useQuery } from "@tanstack/react-query";
import { Button } from "@yingda/antd";
import type { DetailField, QuestionKind } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { BilingualField, saysNothing, useBilingualLines } from "../lib/bilingual";
import { queues } from "../lib/directory";
import { Field, type Faults } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Switched } from "../lib/switched";
import { useEditor } from "../lib/use-editor";
import { currentQuestionKind, useChangeQuestionKind, useCreateQuestionKind } from "./question-kinds";

/** The most details that a kind asks for. */
const MOST = 3;
const nothing: DetailField = { label: { zh: "", en: "" }, required: false };

interface DetailsProps {
  value: readonly DetailField[];
  faults: Faults;
  onChange(value: DetailField[]): void;
}

/** What customers are asked to add: up to three lines, each with its label. */
function Details({ value, faults, onChange }: DetailsProps) {
  const { t } = useTranslation("settings");
  const change = (at: number, part: Partial<DetailField>) =>
    onChange(value.map((one, n) => (n === at ? { ...one, ...part } : one)));
  return (
    <fieldset className="settings-form">
      <legend className="t2 s2">{t("question.details")}</legend>
      {value.length === 0 && <p className="s2 t3">{t("question.asks_nothing")}</p>}
      {value.map((one, n) => (
        <div key={`${n}`} className="settings-form" role="group" aria-label={t("question.detail", { n: n + 1 })}>
          <BilingualField
            label={t("question.detail", { n: n + 1 })}
            name={`details.${n}.label`}
            value={one.label}
            faults={faults}
            max={30}
            onChange={(label) => change(n, { label })}
          />
          <div className="row">
            <Switched
              label={t("question.required")}
              hint={t("question.required.hint")}
              value={one.required}
              onChange={(required) => change(n, { required })}
            />
            <Button
              size="small"
              aria-label={t("question.take_out", { n: n + 1 })}
              onClick={() => onChange(value.filter((_, at) => at !== n))}
            >
              {t("skill.take_out")}
            </Button>
          </div>
        </div>
      ))}
      {value.length < MOST && (
        <div>
          <Button size="small" onClick={() => onChange([...value, nothing])}>
            {t("question.add_detail")}
          </Button>
        </div>
      )}
      {faults.details && <p className="field-words field-error">{faults.details}</p>}
    </fieldset>
  );
}

/** Adds a kind of question or edits one: its name, where it leads, and what it asks for. */
export function QuestionKindForm({ kind, onClose }: { kind: QuestionKind | null; onClose(): void }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const { data: all } = useQuery(queues);
  const lines = all?.items ?? [];
  /** A queue that was deleted since leads nowhere: such questions wait in the queue of the site. */
  const standing = (queue: string) => (all && !lines.some(({ id }) => id === queue) ? "" : queue);
  const create = useCreateQuestionKind();
  const change = useChangeQuestionKind();
  const bilingual = useBilingualLines();
  const editor = useEditor({
    record: kind,
    fieldsOf: (of) => ({
      name: of?.name ?? { zh: "", en: "" },
      queue: of?.queue ?? "",
      details: (of?.details ?? []) as DetailField[],
    }),
    shows: ["name.*", "queue", "details.*", "details"],
    check: ({ name, details }) => ({
      name: saysNothing(name) && t("fault.either"),
      ...Object.fromEntries(
        details.map(({ label }, n) => [`details.${n}.label`, saysNothing(label) && t("fault.either")]),
      ),
    }),
    save({ name, queue, details }, base) {
      const body = { name, queue: standing(queue) || null, details };
      return base ? change.mutateAsync({ id: base.id, ...body, seen: base.updated_at }) : create.mutateAsync(body);
    },
    current: ({ id }) => currentQuestionKind(id),
    saved: () => t("saved"),
    onClose,
  });
  const { fields, set, faults } = editor;
  const queueName = (id: string) =>
    id === "" ? t("question.queue_of_site") : say(lines.find((one) => one.id === id)?.name, language);
  return (
    <FormDialog
      editor={editor}
      title={kind ? t("question.edit") : t("question.new")}
      lines={(of) => [
        ...bilingual(t("question.name"), of.name, true),
        { label: t("question.queue"), value: queueName(standing(of.queue)) },
        {
          label: t("question.details"),
          value: of.details.map(({ label }) => say(label, language)).join(language === "en" ? ", " : "、"),
        },
      ]}
      width="38rem"
    >
      <BilingualField
        label={t("question.name")}
        name="name"
        value={fields.name}
        faults={faults}
        max={30}
        onChange={(name) => set({ name })}
      />
      <Field label={t("question.queue")} hint={t("question.queue.hint")} error={faults.queue}>
        {({ status: _, ...ids }) => (
          <select {...ids} value={standing(fields.queue)} onChange={(event) => set({ queue: event.target.value })}>
            <option value="">{t("question.queue_of_site")}</option>
            {lines.map((one) => (
              <option key={one.id} value={one.id}>
                {say(one.name, language)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Details value={fields.details} faults={faults} onChange={(details) => set({ details })} />
      <p className="s2 t3">{t("question.skills")}</p>
    </FormDialog>
  );
}
