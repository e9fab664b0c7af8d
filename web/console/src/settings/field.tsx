import { Input } from "@yingda/antd";
import type { Bilingual } from "@yingda/api/types";
import { useId, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "../lib/conflict";
import { isProblem, useProblemText } from "../lib/problem";

/** Errors by the field that the server names; `form` is for errors about no field. */
export type Faults = Readonly<Record<string, string>>;

export interface FieldIds {
  id: string;
  "aria-describedby": string;
  "aria-invalid": true | undefined;
  status: "" | "error";
}

/** A label, a control, and a hint or an error. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children(ids: FieldIds): ReactNode;
}) {
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

/** A text in both languages, side by side. */
export function BilingualField({
  label,
  name,
  value,
  faults,
  max,
  long = false,
  hint,
  onChange,
}: {
  label: string;
  name: string;
  value: Bilingual;
  faults: Faults;
  max: number;
  long?: boolean;
  hint?: string;
  onChange(value: Bilingual): void;
}) {
  const { t } = useTranslation("settings");
  const side = (lang: "zh" | "en") => (
    <Field
      key={lang}
      label={t("lang.of", { label, language: t(`lang.${lang}`) })}
      hint={lang === "zh" ? hint : undefined}
      error={faults[`${name}.${lang}`] ?? (lang === "zh" ? faults[name] : undefined)}
    >
      {({ status, ...ids }) =>
        long ? (
          <Input.TextArea
            {...ids}
            status={status}
            lang={lang === "zh" ? "zh-CN" : "en"}
            rows={3}
            maxLength={max}
            value={value[lang]}
            onChange={(event) => onChange({ ...value, [lang]: event.target.value })}
          />
        ) : (
          <Input
            {...ids}
            status={status}
            lang={lang === "zh" ? "zh-CN" : "en"}
            autoComplete="off"
            maxLength={max}
            value={value[lang]}
            onChange={(event) => onChange({ ...value, [lang]: event.target.value })}
          />
        )
      }
    </Field>
  );
  return (
    <div className="settings-two">
      {side("zh")}
      {side("en")}
    </div>
  );
}

/** Fields whose rule has a text. */
const rules = [
  ["brand", /^brand$/],
  ["questions", /^questions$/],
  ["key", /^key$/],
  ["time", /^hours\..*\.(from|to)$/],
  ["date", /^hours\..*\.date$/],
] as const;

/** Turns a refusal into errors: beside its field if the form has that field, otherwise about the whole form. */
export function useFaultsOf(): (error: unknown, fields: readonly string[]) => Faults {
  const { t } = useTranslation("settings");
  const text = useProblemText();
  return (error, fields) => {
    const named = isProblem(error) ? error.field : undefined;
    const own = fields.some((field) => named === field || named?.startsWith(`${field}.`));
    const [rule] = rules.find(([, of]) => named !== undefined && of.test(named)) ?? [];
    return {
      [own && named ? named : "form"]: rule && isProblem(error, "invalid_value") ? t(`rule.${rule}`) : text(error),
    };
  };
}

/** The errors about the whole form. */
export const FormFaults = ({ faults }: { faults: Faults }) =>
  faults.form ? (
    <p className="notice hot" role="alert">
      {faults.form}
    </p>
  ) : null;

/** A text in both languages as lines of a version. */
export function useBilingualLines(): (label: string, value: Bilingual, named?: boolean) => Line[] {
  const { t } = useTranslation("settings");
  return (label, value, named = false) =>
    (["zh", "en"] as const).map((lang) => ({
      label: t("lang.of", { label, language: t(`lang.${lang}`) }),
      value: value[lang],
      lang: lang === "zh" ? "zh-CN" : "en",
      named,
    }));
}
