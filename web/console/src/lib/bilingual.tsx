import { Input } from "@yingda/antd";
import type { Bilingual } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import type { Line } from "./conflict";
import { Field, type Faults } from "./field";
import "./form.css";

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
  const { t } = useTranslation("kit");
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
    <div className="form-two">
      {side("zh")}
      {side("en")}
    </div>
  );
}

/** Whether a text is missing in both languages. */
export const saysNothing = (text: Bilingual) => text.zh.trim() === "" && text.en.trim() === "";

/** A text in both languages as lines of a version. */
export function useBilingualLines(): (label: string, value: Bilingual, named?: boolean) => Line[] {
  const { t } = useTranslation("kit");
  return (label, value, named = false) =>
    (["zh", "en"] as const).map((lang) => ({
      label: t("lang.of", { label, language: t(`lang.${lang}`) }),
      value: value[lang],
      lang: lang === "zh" ? "zh-CN" : "en",
      named,
    }));
}
