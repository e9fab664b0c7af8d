import { Button, Dialog, Input } from "@yingda/antd";
import { isProblem, useProblemText } from "../lib/problem";
import type { CannedReply } from "@yingda/api/types";
import { useId, useRef, useState, type FormEvent, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { fill, insertAt, variableNames } from "../desk/canned";
import { Conflict, metBy, type Line, type Other } from "../lib/conflict";
import { useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { emptyFields, faultsOf, fieldNamed, fieldsOf, type FieldName } from "./fields";
import { currentReply, useCreateReply, useUpdateReply, type CannedReplyFields } from "./queries";

type Side = "zh" | "en";

interface FieldProps {
  label: string;
  hint?: string;
  error: string | undefined;
  children(ids: {
    id: string;
    "aria-describedby": string;
    "aria-invalid": true | undefined;
    status: "" | "error";
  }): ReactNode;
}

function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": `${id}-words`,
        "aria-invalid": error ? true : undefined,
        status: error ? "error" : "",
      })}
      <span id={`${id}-words`} className={error ? "field-error" : "s1 t3"}>
        {error ?? hint}
      </span>
    </div>
  );
}

/** Adds a canned reply or edits one. If someone else changed it in the meantime, both versions are shown for the user to choose. */
export function ReplyForm({ reply, onClose }: { reply: CannedReply | null; onClose(): void }) {
  const { t } = useTranslation("canned");
  const me = useMe();
  const text = useProblemText();
  const create = useCreateReply();
  const update = useUpdateReply();
  const [base, setBase] = useState(reply);
  const [fields, setFields] = useState<CannedReplyFields>(() => (reply ? fieldsOf(reply) : emptyFields));
  const [errors, setErrors] = useState<Partial<Record<FieldName | "form", string>>>({});
  const [other, setOther] = useState<Other<CannedReply> | null>(null);
  const [side, setSide] = useState<Side>("zh");
  const areas = { zh: useRef<HTMLTextAreaElement>(null), en: useRef<HTMLTextAreaElement>(null) };
  const busy = create.isPending || update.isPending;

  const set = (change: Partial<CannedReplyFields>, field: FieldName) => {
    setFields((before) => ({ ...before, ...change }));
    setErrors(({ [field]: _, form: __, ...rest }) => rest);
  };
  const setBody = (which: Side, value: string) => {
    set({ body: { ...fields.body, [which]: value } }, which);
    setErrors(({ zh: _, en: __, ...rest }) => rest);
  };

  const insert = (name: string) => {
    const box = areas[side].current;
    const words = fields.body[side];
    const next = insertAt(words, box?.selectionStart ?? words.length, box?.selectionEnd ?? words.length, `{{${name}}}`);
    flushSync(() => setBody(side, next.text));
    box?.focus();
    box?.setSelectionRange(next.caret, next.caret);
  };

  const save = async (seen: number | null) => {
    const faults = faultsOf(fields);
    if (Object.keys(faults).length > 0) {
      setErrors(Object.fromEntries(Object.entries(faults).map(([field, fault]) => [field, t(`fault.${fault}`)])));
      return;
    }
    const clean = { ...fields, title: fields.title.trim() };
    try {
      if (base && seen !== null) await update.mutateAsync({ id: base.id, seen, fields: clean });
      else await create.mutateAsync(clean);
      toast(t("saved", { name: clean.title }));
      onClose();
    } catch (error) {
      try {
        const met = base && (await metBy(error, () => currentReply(base.id)));
        if (met) {
          setOther(met);
          return;
        }
      } catch (reason) {
        setErrors({ form: text(reason) });
        return;
      }
      const field = isProblem(error, "canned_reply_shortcode_taken")
        ? "shortcode"
        : isProblem(error)
          ? fieldNamed(error.field)
          : null;
      setErrors({ [field ?? "form"]: text(error) });
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void save(base?.updated_at ?? null);
  };

  const lines = (of: CannedReplyFields): Line[] => [
    { label: t("field.shortcode"), value: `/${of.shortcode}`, named: true },
    { label: t("field.title"), value: of.title, named: true },
    { label: t("field.zh"), value: of.body.zh, lang: "zh-CN", named: true },
    { label: t("field.en"), value: of.body.en, lang: "en", named: true },
  ];
  const preview = fill(fields.body[side], {
    "customer.name": t("preview.customer"),
    "agent.name": me.name,
    "agent.number": me.number,
  });

  return (
    <Dialog
      open
      title={base ? t("form.edit", { name: base.title }) : t("form.new")}
      closeLabel={t("close")}
      onClose={onClose}
      width="44rem"
    >
      {other !== null ? (
        <Conflict
          mine={lines(fields)}
          theirs={other === "deleted" ? null : lines(fieldsOf(other))}
          onTheirs={() => {
            if (other === "deleted") onClose();
            else {
              setBase(other);
              setFields(fieldsOf(other));
              setOther(null);
            }
          }}
          onMine={() => {
            const version = other;
            setOther(null);
            if (version === "deleted") {
              setBase(null);
              void create.mutateAsync(fields).then(
                () => {
                  toast(t("saved", { name: fields.title }));
                  onClose();
                },
                (error: unknown) => setErrors({ form: text(error) }),
              );
            } else {
              setBase(version);
              void save(version.updated_at);
            }
          }}
        />
      ) : (
        <form className="reply-form" onSubmit={submit} noValidate>
          <div className="reply-form-top">
            <Field label={t("field.shortcode")} hint={t("hint.shortcode")} error={errors.shortcode}>
              {(ids) => (
                <Input
                  {...ids}
                  prefix="/"
                  autoFocus
                  autoComplete="off"
                  spellCheck={false}
                  maxLength={40}
                  value={fields.shortcode}
                  onChange={(event) => set({ shortcode: event.target.value.toLowerCase() }, "shortcode")}
                />
              )}
            </Field>
            <Field label={t("field.title")} hint={t("hint.title")} error={errors.title}>
              {(ids) => (
                <Input
                  {...ids}
                  autoComplete="off"
                  maxLength={120}
                  value={fields.title}
                  onChange={(event) => set({ title: event.target.value }, "title")}
                />
              )}
            </Field>
          </div>
          <div className="reply-form-bodies">
            <Field label={t("field.zh")} error={errors.zh}>
              {(ids) => (
                <Input.TextArea
                  {...ids}
                  ref={(own) => {
                    areas.zh.current = own?.resizableTextArea?.textArea ?? null;
                  }}
                  lang="zh-CN"
                  rows={5}
                  maxLength={4000}
                  value={fields.body.zh}
                  onFocus={() => setSide("zh")}
                  onChange={(event) => setBody("zh", event.target.value)}
                />
              )}
            </Field>
            <Field label={t("field.en")} hint={t("hint.body")} error={errors.en}>
              {(ids) => (
                <Input.TextArea
                  {...ids}
                  ref={(own) => {
                    areas.en.current = own?.resizableTextArea?.textArea ?? null;
                  }}
                  lang="en"
                  rows={5}
                  maxLength={4000}
                  value={fields.body.en}
                  onFocus={() => setSide("en")}
                  onChange={(event) => setBody("en", event.target.value)}
                />
              )}
            </Field>
          </div>
          <div className="row wrap s2">
            <span className="t3">{t("variables")}</span>
            {variableNames.map((name) => (
              <button key={name} type="button" className="tag line variable" onClick={() => insert(name)}>
                {t(`variable.${name}`)}
              </button>
            ))}
          </div>
          {preview !== "" && (
            <div className="reply-preview">
              <span className="s1 t3">{t("preview")}</span>
              <p lang={side === "zh" ? "zh-CN" : "en"}>{preview}</p>
            </div>
          )}
          {errors.form && (
            <p className="notice hot" role="alert">
              {errors.form}
            </p>
          )}
          <div className="row reply-form-acts">
            <Button onClick={onClose}>{t("cancel")}</Button>
            <Button type="primary" htmlType="submit" loading={busy}>
              {t("save")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
