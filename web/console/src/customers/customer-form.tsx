import { Button, Input } from "@yingda/antd";
import type { Schema } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { isProblem } from "../lib/problem";
import { usePrefs } from "../lib/prefs";
import { useEditor } from "../lib/use-editor";
import { currentProfile, useAddCustomer, useChangeProfile } from "./queries";

type Profile = Schema<"CustomerProfile">;
type Kind = "mobile" | "email";

const kinds = { mobile: "phone", email: "email" } as const;

/** What the staff noted of this kind, masked; an empty text if they noted none. */
const noted = (of: Profile | null, kind: Kind) =>
  of?.contacts.find((one) => one.from === "staff" && one.kind === kinds[kind])?.masked ?? "";

interface Fields {
  name: string;
  lang: Profile["lang"];
  mobile: string;
  email: string;
  /** What is noted so far, masked. */
  noted: Readonly<Record<Kind, string>>;
  /** Those of the noted contacts that are to be forgotten. */
  forget: readonly Kind[];
  note: string;
}

/** Only what was typed or forgotten is sent: a contact that is masked here stays what it is. */
const contact = ({ forget, ...of }: Fields, kind: Kind) =>
  of[kind].trim() !== "" ? { [kind]: of[kind].trim() } : forget.includes(kind) ? { [kind]: "" } : {};

/** What the contact is once this is saved. */
const shown = ({ noted: masked, forget, ...of }: Fields, kind: Kind) =>
  of[kind].trim() || (forget.includes(kind) ? "" : masked[kind]);

interface Props {
  /** The customer to change; null to add one. */
  of: Profile | null;
  onClose(): void;
  onSaved?(id: string): void;
}

/** Adds a customer, or changes what the staff know of one. */
export function CustomerForm({ of, onClose, onSaved }: Props) {
  const { t } = useTranslation("customers");
  const { language } = usePrefs();
  const add = useAddCustomer();
  const change = useChangeProfile();
  const editor = useEditor({
    record: of,
    fieldsOf: (one): Fields => ({
      name: one?.name ?? "",
      lang: one?.lang ?? language,
      mobile: "",
      email: "",
      noted: { mobile: noted(one, "mobile"), email: noted(one, "email") },
      forget: [],
      note: one?.note ?? "",
    }),
    shows: ["name", "mobile", "email", "note"],
    check: (fields, base) => ({
      name:
        base === null &&
        [fields.name, fields.mobile, fields.email].every((text) => text.trim() === "") &&
        t("fault.empty"),
    }),
    save(fields, base, confirmed) {
      // What is shown masked, or was left alone, is not sent back.
      const body = {
        ...(fields.name.trim() !== (base?.name ?? "") && { name: fields.name.trim() }),
        ...(fields.lang !== base?.lang && { lang: fields.lang }),
        ...(fields.note.trim() !== (base?.note ?? "") && { note: fields.note.trim() }),
        ...contact(fields, "mobile"),
        ...contact(fields, "email"),
        confirmed,
      };
      return base ? change.mutateAsync({ id: base.id, ...body, seen: base.updated_at }) : add.mutateAsync(body);
    },
    current: ({ id }) => currentProfile(id),
    doubt: (refusal) => (isProblem(refusal, "customer_known") ? (refusal.field as Kind) : null),
    saved: () => t("saved"),
    onSaved: ({ id }) => onSaved?.(id),
    onClose,
  });
  const { fields, set, faults, doubt, busy } = editor;
  const contactField = (kind: Kind) => {
    const masked = fields.noted[kind];
    const proved = of?.contacts.find((one) => one.from === "account" && one.kind === kinds[kind])?.masked;
    const isForgotten = fields.forget.includes(kind);
    return (
      <Field
        label={t(`field.${kind}`)}
        error={faults[kind]}
        hint={
          masked !== ""
            ? t(isForgotten ? "contact.forgotten" : "contact.kept", { masked })
            : proved !== undefined && t("contact.proved", { masked: proved })
        }
      >
        {(ids) => (
          <>
            <Input
              {...ids}
              type={kind === "mobile" ? "tel" : "email"}
              autoComplete="off"
              value={fields[kind]}
              onChange={(event) => set({ [kind]: event.target.value })}
            />
            {masked !== "" && (
              <button
                type="button"
                className="y-text-button"
                onClick={() =>
                  set({ forget: isForgotten ? fields.forget.filter((one) => one !== kind) : [...fields.forget, kind] })
                }
              >
                {t(isForgotten ? "contact.keep" : "contact.forget", { masked })}
              </button>
            )}
          </>
        )}
      </Field>
    );
  };
  return (
    <FormDialog
      editor={editor}
      title={of ? t("edit") : t("new")}
      lines={(one) => [
        { label: t("field.name"), value: one.name, named: true },
        { label: t("field.mobile"), value: shown(one, "mobile") },
        { label: t("field.email"), value: shown(one, "email") },
        { label: t("field.note"), value: one.note },
      ]}
      instead={
        doubt && (
          <div className="settings-form">
            <p>{t(`known.${doubt}`)}</p>
            <p className="s2 t3">{t("known.what")}</p>
            <div className="row end">
              <Button onClick={editor.back}>{t("known.back")}</Button>
              <Button type="primary" loading={busy} onClick={editor.confirm}>
                {t("known.save")}
              </Button>
            </div>
          </div>
        )
      }
      width="30rem"
    >
      <Field label={t("field.name")} error={faults.name}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            autoComplete="off"
            maxLength={60}
            value={fields.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        )}
      </Field>
      {contactField("mobile")}
      {contactField("email")}
      <Field label={t("field.lang")}>
        {({ status: _, ...ids }) => (
          <select
            {...ids}
            className="select"
            value={fields.lang}
            onChange={(event) => set({ lang: event.target.value as Profile["lang"] })}
          >
            <option value="zh-CN">{t("lang.zh-CN")}</option>
            <option value="en">{t("lang.en")}</option>
          </select>
        )}
      </Field>
      <Field label={t("field.note")} error={faults.note} hint={t("note.what")}>
        {(ids) => (
          <Input.TextArea
            {...ids}
            rows={4}
            value={fields.note}
            onChange={(event) => set({ note: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  );
}
