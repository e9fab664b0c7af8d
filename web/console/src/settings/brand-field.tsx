import { Input } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Field } from "../lib/field";
import { decimal } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { contrastToWhite, readable } from "./colour";

/** A colour, typed or picked, with a check that white text is readable on it. Empty means no colour. */
export function BrandField({
  value,
  error,
  hint,
  onChange,
}: {
  value: string;
  error: string | undefined;
  hint: string;
  onChange(value: string): void;
}) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const contrast = contrastToWhite(value);
  return (
    <Field
      label={t("field.brand")}
      error={error}
      hint={
        contrast === null
          ? hint
          : contrast >= readable
            ? t("brand.fits", { ratio: decimal(contrast, language) })
            : t("brand.darkened", { ratio: decimal(contrast, language) })
      }
    >
      {(ids) => (
        <span className="row">
          <Input
            {...ids}
            className="settings-short"
            autoComplete="off"
            spellCheck={false}
            maxLength={7}
            placeholder={t("brand.example")}
            value={value}
            onChange={(event) => onChange(event.target.value.trim())}
          />
          <input
            type="color"
            className="settings-colour"
            aria-label={t("brand.pick")}
            value={contrast === null ? "#0a6a78" : value}
            onChange={(event) => onChange(event.target.value)}
          />
        </span>
      )}
    </Field>
  );
}
