import { useQuery } from "@tanstack/react-query";
import type { RecommendedItem } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { recommended } from "./queries";

function useReason() {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  return ({ reason }: RecommendedItem) =>
    reason.type === "popular"
      ? t("recommended.popular")
      : t(`recommended.${reason.type}`, { of: say(reason.of, language) });
}

/** What may interest the customer next, and why. It is missing where nothing is known; a customer who refused is respected here too. */
export function Recommended({ conversation, enabled }: { conversation: string; enabled: boolean }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const reason = useReason();
  const { data } = useQuery({ ...recommended(conversation), enabled });
  if (!data?.on || (data.items.length === 0 && data.wanted !== false)) return null;
  return (
    <section className="sec">
      <h3>{t("recommended")}</h3>
      {data.wanted === false ? (
        <p className="s2 t3">{t("recommended.refused")}</p>
      ) : (
        <ul className="recommended">
          {data.items.map((item) => (
            <li key={`${item.kind} ${item.id}`}>
              {item.kind === "product" ? (
                <a href={`/goods/${encodeURIComponent(item.id)}`} target="_blank" rel="noopener">
                  {say(item.name, language)}
                </a>
              ) : (
                <span>{say(item.name, language)}</span>
              )}
              <span className="s1 t3">{reason(item)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
