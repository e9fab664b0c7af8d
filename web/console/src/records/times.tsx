import type { Schema } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { duration, nothing } from "../lib/format";
import { usePrefs } from "../lib/prefs";

/** How long people talked and waited in a conversation, and how it was rated, as far as that is known. */
export function RecordTimes({ of }: { of: Pick<Schema<"RecordView">, "times" | "score"> }) {
  const { t } = useTranslation("records");
  const { language } = usePrefs();
  const { times, score } = of;
  const shown = [
    ["talk", times && times.handled > 0 ? duration(times.talk_sum, language) : nothing],
    ["reply_mean", duration(times?.reply_mean, language)],
    ["reply_longest", duration(times?.reply_longest, language)],
    ["rating", score === null ? nothing : t("score", { score })],
  ] as const;
  const known = shown.filter(([, value]) => value !== nothing);
  if (known.length === 0) return null;
  return (
    <dl className="record-times s2">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt className="t3">{t(`times.${name}`)}</dt>
          <dd className="n">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
