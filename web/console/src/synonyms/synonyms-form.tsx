import { Button, Input } from "@yingda/antd";
import type { SynonymGroup } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Choice } from "../lib/choice";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { isProblem } from "../lib/problem";
import { useEditor } from "../lib/use-editor";
import { faultOf, fieldsOf, wordsOf } from "./fields";
import { currentGroup, useCreateSynonyms, useUpdateSynonyms } from "./queries";

/** Adds a group of synonyms or edits one. A word that another group has is saved only if that is meant. */
export function SynonymsForm({ group, onClose }: { group: SynonymGroup | null; onClose(): void }) {
  const { t } = useTranslation("curate");
  const { language } = usePrefs();
  const create = useCreateSynonyms();
  const update = useUpdateSynonyms();
  const editor = useEditor({
    record: group,
    fieldsOf,
    shows: ["words"],
    check: (fields) => {
      const fault = faultOf(fields);
      return { words: fault !== null && t(`synonyms.fault.${fault.fault}`, { ...fault }) };
    },
    save: ({ lang, words }, base, anyway) =>
      base
        ? update.mutateAsync({ id: base.id, words: wordsOf(words), anyway, seen: base.updated_at })
        : create.mutateAsync({ lang, words: wordsOf(words), anyway }),
    current: ({ id }) => currentGroup(id),
    doubt: (refusal) =>
      isProblem(refusal, "synonym_elsewhere") ? (refusal.names ?? []).map((word) => say(word, language)) : null,
    saved: () => t("synonyms.saved"),
    onClose,
  });
  const { base, fields, set, faults, conflict, doubt } = editor;
  const language_ = (lang: "zh-CN" | "en") => t(`lang.${lang}`);
  return (
    <FormDialog
      editor={editor}
      title={t(base ? "synonyms.edit" : "synonyms.new")}
      width={conflict === null ? "30rem" : "42rem"}
      lines={(of) => [
        { label: t("field.lang"), value: language_(of.lang) },
        { label: t("field.words"), value: of.words, lang: of.lang, named: true },
      ]}
      instead={
        doubt !== null && (
          <div className="form" role="alertdialog" aria-label={t("synonyms.elsewhere", { words: doubt.join(" · ") })}>
            <p className="b">{t("synonyms.elsewhere", { words: doubt.join(" · ") })}</p>
            <p className="t2">{t("synonyms.elsewhere.what")}</p>
            <div className="row wrap end">
              <Button autoFocus onClick={editor.back}>
                {t("back")}
              </Button>
              <Button type="primary" onClick={editor.confirm}>
                {t("synonyms.anyway")}
              </Button>
            </div>
          </div>
        )
      }
    >
      {!base && (
        <div className="field">
          <span>{t("field.lang")}</span>
          <Choice
            label={t("field.lang")}
            value={fields.lang}
            options={(["zh-CN", "en"] as const).map((lang) => ({ value: lang, word: language_(lang) }))}
            onChange={(lang) => set({ lang }, "words")}
          />
        </div>
      )}
      <Field label={t("field.words")} hint={t("synonyms.hint")} error={faults.words} required>
        {({ status, ...ids }) => (
          <Input.TextArea
            {...ids}
            status={status}
            autoFocus
            lang={fields.lang}
            rows={8}
            value={fields.words}
            onChange={(event) => set({ words: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  );
}
