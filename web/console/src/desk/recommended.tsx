import { useQuery } from "@tanstack/react-query";
import type { RecommendedItem } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { ofCompany } from "../lib/practice";
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

/** Where the hall shows it; questions have no page. */
const pages: Partial<Record<RecommendedItem["kind"], string>> = { product: "/goods/", plan: "/plans?plan=" };

/** Goods and plans that may interest the customer next, and why; a reason that all have in common is said once. It is missing where nothing is known; a customer who refused is respected here too. */
export function Recommended({ conversation, enabled }: { conversation: string; enabled: boolean }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const reason = useReason();
  const { data } = useQuery({ ...recommended(conversation), enabled });
  // Questions are for the customer: an agent has the conversation and the canned replies.
  const items = data?.items.filter((item) => pages[item.kind] !== undefined) ?? [];
  if (!enabled || !data?.on || (items.length === 0 && data.wanted !== false)) return null;
  const [first, ...others] = items.map(reason);
  const common = others.length > 0 && others.every((one) => one === first) ? first : undefined;
  return (
    <section className="sec">
      <h2>{t("recommended")}</h2>
      {data.wanted === false ? (
        <p className="s2 t3">{t("recommended.refused")}</p>
      ) : (
        <>
          {common !== undefined && <p className="s1 t3 recommended-why">{common}</p>}
          <ul className="recommended">
            {items.map((item) => (
              <li key={`${item.kind} ${item.id}`}>
                <a
                  href={ofCompany(`${pages[item.kind]}${encodeURIComponent(item.id)}`)}
                  target="_blank"
                  rel="noopener"
                  dir="auto"
                >
                  {say(item.name, language)}
                </a>
                {common === undefined && <span className="s1 t3">{reason(item)}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
