import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Question } from "../lib/confirm";
import { Filter } from "../lib/filter";
import { count, dayOf } from "../lib/format";
import { useRefused } from "../lib/mutations";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { toast } from "../lib/toast";
import { auditRetention, useSetAuditRetention } from "./queries";

/** How long the audit can be kept, in days, and the word for each. */
const terms = new Map([
  [184, "kept.half_year"],
  [366, "kept.year"],
  [1096, "kept.three_years"],
  [1827, "kept.five_years"],
  [3653, "kept.ten_years"],
]);

/** How long the audit is kept, and until when entries were deleted. */
export function AuditRetention() {
  const { t } = useTranslation("audit");
  const me = useMe();
  const { language } = usePrefs();
  const found = useQuery(auditRetention).data;
  const set = useSetAuditRetention();
  const refuse = useRefused();
  const [shorter, setShorter] = useState<number | null>(null);
  if (!found) return null;
  const { kept_days: kept, deleted_until: until } = found;
  const word = (days: number) => {
    const term = terms.get(days);
    return term ? t(term) : t("kept.days", { count: days, n: count(days, language) });
  };
  const keep = (days: number | null) =>
    set.mutate({ kept_days: days }, { onSuccess: () => toast(t("kept.saved")), onError: refuse });
  const options = [...new Set([...terms.keys(), ...(kept === null ? [] : [kept])])].sort((one, other) => one - other);
  return (
    <div className="audit-kept s2">
      <p className="row wrap">
        {may(me, "settings") ? (
          <>
            <span className="t3">{t("kept")}</span>
            <Filter
              label={t("kept")}
              all={t("kept.ever")}
              options={options.map((days) => ({ value: String(days), word: word(days) }))}
              value={kept === null ? undefined : String(kept)}
              onChange={(value) => {
                const days = value === undefined ? null : Number(value);
                if (days !== null && (kept === null || days < kept)) setShorter(days);
                else keep(days);
              }}
            />
          </>
        ) : (
          <span className="t3">{kept === null ? t("kept.ever.said") : t("kept.said", { term: word(kept) })}</span>
        )}
        {until !== null && <span className="t3">{t("kept.deleted", { day: dayOf(until, me.time_zone) })}</span>}
      </p>
      {shorter !== null && (
        <div className="notice" role="group" aria-label={t("kept.ask", { term: word(shorter) })}>
          <Question
            ask={t("kept.ask", { term: word(shorter) })}
            what={t("kept.what")}
            act={t("kept.act")}
            danger
            onCancel={() => setShorter(null)}
            onConfirm={() => {
              setShorter(null);
              keep(shorter);
            }}
          />
        </div>
      )}
    </div>
  );
}
