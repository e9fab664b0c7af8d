import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { names } from "./queries";

/** The questions offered after the answer, at most ten. */
export function Related({
  own,
  ids,
  onChange,
  onOpen,
}: {
  own: string;
  ids: readonly string[];
  onChange(ids: string[]): void;
  onOpen(id: string): void;
}) {
  const { t } = useTranslation("knowledge");
  const { language } = usePrefs();
  const list = useQuery(names);
  const nameOf = (id: string) => say(list.data?.items.find((one) => one.id === id)?.question, language) || id;
  const others =
    list.data?.items.filter((one) => one.id !== own && one.state !== "removed" && !ids.includes(one.id)) ?? [];
  return (
    <div className="field kn-related">
      <span>{t("field.related")}</span>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <button type="button" className="link" onClick={() => onOpen(id)}>
              <bdi>{nameOf(id)}</bdi>
            </button>
            <button
              type="button"
              className="ib s"
              aria-label={t("related.remove", { name: nameOf(id) })}
              title={t("remove")}
              onClick={() => onChange(ids.filter((one) => one !== id))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      {ids.length < 10 && (
        <select
          aria-label={t("related.add")}
          value=""
          onChange={(event) => {
            if (event.target.value) onChange([...ids, event.target.value]);
          }}
        >
          <option value="">{t("related.add")}</option>
          {others.map((one) => (
            <option key={one.id} value={one.id}>
              {say(one.question, language)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
