import { useTranslation } from "react-i18next";

interface CompanyFieldProps {
  id: string;
  value: string;
  onChange(value: string): void;
}

/** The company's short name, asked for only where an installation has several. */
export function CompanyField({ id, value, onChange }: CompanyFieldProps) {
  const { t } = useTranslation("signin");
  return (
    <div className="field">
      <label htmlFor={id}>{t("company")}</label>
      <input
        id={id}
        className="input"
        name="organization"
        autoComplete="organization"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={100}
        aria-describedby={`${id}-words`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <span id={`${id}-words`} className="s1 t3">
        {t("company.what")}
      </span>
    </div>
  );
}
