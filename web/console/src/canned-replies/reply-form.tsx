import { Input } from "@yingda/antd";
import type { CannedReply } from "@yingda/api/types";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { fill, insertAt, variableNames } from "../desk/canned";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { useMe } from "../lib/session";
import { useEditor } from "../lib/use-editor";
import { faultsOf, fieldNamed, fieldsOf } from "./fields";
import { currentReply, useCreateReply, useUpdateReply } from "./queries";

const sides = ["zh", "en"] as const;
type Side = (typeof sides)[number];

/** A text as the customer will see it. */
function Preview({ text, lang }: { text: string; lang: string }) {
  const { t } = useTranslation("canned");
  return (
    <div className="reply-preview">
      <span className="s1 t3">{t("preview")}</span>
      <p lang={lang} dir="auto">
        {text}
      </p>
    </div>
  );
}

/** Adds a canned reply or edits one. If someone else changed it in the meantime, both versions are shown for the user to choose. */
export function ReplyForm({ reply, onClose }: { reply: CannedReply | null; onClose(): void }) {
  const { t } = useTranslation("canned");
  const me = useMe();
  const create = useCreateReply();
  const update = useUpdateReply();
  const editor = useEditor({
    record: reply,
    fieldsOf,
    shows: ["shortcode", "title", "zh", "en"],
    check: (fields) =>
      Object.fromEntries(Object.entries(faultsOf(fields)).map(([field, fault]) => [field, t(`fault.${fault}`)])),
    save(fields, base) {
      const clean = { ...fields, title: fields.title.trim() };
      return base
        ? update.mutateAsync({ id: base.id, seen: base.updated_at, fields: clean })
        : create.mutateAsync(clean);
    },
    current: ({ id }) => currentReply(id),
    refused: ({ field }) => ({ field: fieldNamed(field) }),
    saved: ({ title }) => t("saved", { name: title.trim() }),
    onClose,
  });
  const { base, fields, set, faults } = editor;
  const [side, setSide] = useState<Side>("zh");
  const areas = { zh: useRef<HTMLTextAreaElement>(null), en: useRef<HTMLTextAreaElement>(null) };
  /** Either language is enough, so that both are in order again. */
  const setBody = (which: Side, value: string) => set({ body: { ...fields.body, [which]: value } }, ...sides);

  const insert = (name: string) => {
    const box = areas[side].current;
    const words = fields.body[side];
    const next = insertAt(words, box?.selectionStart ?? words.length, box?.selectionEnd ?? words.length, `{{${name}}}`);
    flushSync(() => setBody(side, next.text));
    box?.focus();
    box?.setSelectionRange(next.caret, next.caret);
  };

  const preview = fill(fields.body[side], {
    "customer.name": t("preview.customer"),
    "agent.name": me.name,
    "agent.number": me.number,
  });

  return (
    <FormDialog
      editor={editor}
      title={base ? t("form.edit", { name: base.title }) : t("form.new")}
      lines={(of) => [
        { label: t("field.shortcode"), value: `/${of.shortcode}`, named: true },
        { label: t("field.title"), value: of.title, named: true },
        { label: t("field.zh"), value: of.body.zh, lang: "zh-CN", named: true },
        { label: t("field.en"), value: of.body.en, lang: "en", named: true },
      ]}
      width="44rem"
    >
      <div className="reply-form-top">
        <Field label={t("field.shortcode")} hint={t("hint.shortcode")} error={faults.shortcode} required>
          {(ids) => (
            <Input
              {...ids}
              prefix="/"
              autoFocus
              autoComplete="off"
              spellCheck={false}
              maxLength={40}
              value={fields.shortcode}
              onChange={(event) => set({ shortcode: event.target.value.toLowerCase() })}
            />
          )}
        </Field>
        <Field label={t("field.title")} hint={t("hint.title")} error={faults.title} required>
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              maxLength={120}
              value={fields.title}
              onChange={(event) => set({ title: event.target.value })}
            />
          )}
        </Field>
      </div>
      <div className="form-two">
        {sides.map((which) => (
          <Field
            key={which}
            label={t(`field.${which}`)}
            hint={which === "en" ? t("hint.body") : undefined}
            error={faults[which]}
          >
            {(ids) => (
              <Input.TextArea
                {...ids}
                ref={(own) => {
                  areas[which].current = own?.resizableTextArea?.textArea ?? null;
                }}
                lang={which === "zh" ? "zh-CN" : "en"}
                rows={5}
                maxLength={4000}
                value={fields.body[which]}
                onFocus={() => setSide(which)}
                onChange={(event) => setBody(which, event.target.value)}
              />
            )}
          </Field>
        ))}
      </div>
      <div className="row wrap s2">
        <span className="t3">{t("variables")}</span>
        {variableNames.map((name) => (
          <button key={name} type="button" className="tag line variable" onClick={() => insert(name)}>
            {t(`variable.${name}`)}
          </button>
        ))}
      </div>
      {preview !== "" && <Preview text={preview} lang={side === "zh" ? "zh-CN" : "en"} />}
    </FormDialog>
  );
}
