import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { labels } from "../labels/queries";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";

interface Props {
  value: string | undefined;
  onChange(label: string | undefined): void;
}

/** Shows those customers only who have a label; nothing where the company has none. */
export function LabelPick({ value, onChange }: Props) {
  const { t } = useTranslation("customers");
  const { language } = usePrefs();
  const all = useQuery(labels).data?.items ?? [];
  if (all.length === 0) return null;
  return (
    <select
      className="select"
      aria-label={t("label.filter")}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">{t("label.any")}</option>
      {all.map((one) => (
        <option key={one.id} value={one.id}>
          {say(one.name, language)}
        </option>
      ))}
    </select>
  );
}
