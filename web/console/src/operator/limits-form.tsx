import { Input } from "@yingda/antd";
import type { OperatedCompany } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { FormDialog } from "../lib/form-dialog";
import { say } from "../lib/i18n";
import { folded } from "../lib/normal";
import { usePrefs } from "../lib/prefs";
import { useEditor } from "../lib/use-editor";
import { kinds, useUseWords, type Kind } from "../lib/use-words";
import { useLimits } from "./queries";

/** Files are limited in megabytes, which people can tell apart. */
const megabyte = 1024 * 1024;
const unit = (kind: Kind) => (kind === "storage" ? megabyte : 1);

type Fields = Record<Kind, string>;

const textOf = (kind: Kind, limit: number | null) =>
  limit === null ? "" : String(Number((limit / unit(kind)).toFixed(3)));
/** What a text says: a limit, or null for none; undefined if it says neither. */
function limitOf(kind: Kind, text: string): number | null | undefined {
  const plain = folded(text).replace(/[\s,]/g, "");
  if (plain === "") return null;
  if (!(kind === "storage" ? /^\d{1,9}(\.\d{1,3})?$/ : /^\d{1,12}$/).test(plain)) return undefined;
  const limit = Math.round(Number(plain) * unit(kind));
  return limit > 0 ? limit : undefined;
}
const fieldsOf = (company: OperatedCompany | null): Fields => ({
  seats: textOf("seats", company?.limits.seats ?? null),
  sites: textOf("sites", company?.limits.sites ?? null),
  daily_messages: textOf("daily_messages", company?.limits.daily_messages ?? null),
  daily_texts: textOf("daily_texts", company?.limits.daily_texts ?? null),
  storage: textOf("storage", company?.limits.storage ?? null),
});

/** What a company may use. Only what was changed is sent, so that two who change different limits do not undo each other's. */
export function LimitsForm({ company, onClose }: { company: OperatedCompany; onClose(): void }) {
  const { t } = useTranslation("operator");
  const { language } = usePrefs();
  const change = useLimits();
  const words = useUseWords(t);
  const name = say(company.name, language);
  const editor = useEditor({
    record: company,
    fieldsOf,
    shows: kinds,
    check: (fields) =>
      Object.fromEntries(kinds.map((kind) => [kind, limitOf(kind, fields[kind]) === undefined && t("limits.fault")])),
    save: (fields) => {
      const before = fieldsOf(company);
      const changed = kinds.filter((kind) => fields[kind] !== before[kind]);
      const limits = Object.fromEntries(changed.map((kind) => [kind, limitOf(kind, fields[kind]) ?? null]));
      return change.mutateAsync({ id: company.id, limits });
    },
    saved: () => t("limits.saved", { name }),
    onClose,
  });
  const { fields, set, faults } = editor;
  const none = { seats: null, sites: null, daily_messages: null, daily_texts: null, storage: null };
  return (
    <FormDialog editor={editor} title={t("limits.of", { name })}>
      <p className="s2 t3">{t("limits.what")}</p>
      {kinds.map((kind) => (
        <Field
          key={kind}
          label={t(`limits.${kind}`)}
          hint={t("limits.used", { used: words(kind, company.used[kind], none) })}
          error={faults[kind]}
        >
          {(ids) => (
            <Input
              {...ids}
              inputMode={kind === "storage" ? "decimal" : "numeric"}
              autoComplete="off"
              maxLength={14}
              placeholder={t("limits.none")}
              value={fields[kind]}
              onChange={(event) => set({ [kind]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </FormDialog>
  );
}
