import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Finder } from "../lib/finder";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { foundByWords, named } from "./queries";

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
  const names = useQuery(named(ids));
  const nameOf = (id: string) => say(names.data?.find((one) => one.id === id)?.question, language) || id;
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
        <Finder
          label={t("related.add")}
          find={foundByWords}
          show={({ id, question }) => ({ id, title: say(question, language) })}
          without={[own, ...ids]}
          onPick={({ id }) => onChange([...ids, id])}
        />
      )}
    </div>
  );
}
