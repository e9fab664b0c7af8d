import { Input } from "@yingda/antd";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { colleagues, queues } from "../lib/directory";
import { Filter } from "../lib/filter";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import type { RecordFilter } from "./search";

const ratings = ["good", "mid", "poor"] as const;
const outcomes = [
  "resolved",
  "abandoned_in_queue",
  "left_message",
  "dropped",
  "bot_resolved_confirmed",
  "bot_resolved_assumed",
  "bot_unanswered",
] as const;

/** Narrows the records by person, queue, time and outcome. */
export function RecordFilters({ of, onChange }: { of: RecordFilter; onChange(change: RecordFilter): void }) {
  const { t } = useTranslation("records");
  const { t: desk } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const serves = may(me, "desk");
  const people = useQuery({ ...colleagues, enabled: serves }).data?.agents ?? [];
  const lines = useQuery({ ...queues, enabled: serves }).data?.items ?? [];
  const day = (name: "from" | "to") => (
    <label className="record-day s2">
      <span className="t3">{t(`field.${name}`)}</span>
      <Input type="date" value={of[name] ?? ""} onChange={(event) => onChange({ [name]: event.target.value })} />
    </label>
  );
  return (
    <>
      {day("from")}
      {day("to")}
      {serves && (
        <>
          <Filter
            label={t("field.agent")}
            all={t("filter.agent")}
            options={people.map(({ id, name }) => ({
              value: id,
              word: id === me.agent ? t("field.me", { name }) : name,
            }))}
            value={of.agent}
            onChange={(agent) => onChange({ agent })}
          />
          <Filter
            label={t("field.queue")}
            all={t("filter.queue")}
            options={lines.map(({ id, name }) => ({ value: id, word: say(name, language) }))}
            value={of.queue}
            onChange={(queue) => onChange({ queue })}
          />
        </>
      )}
      <Filter
        label={t("field.rating")}
        all={t("filter.rating")}
        options={ratings.map((rating) => ({ value: rating, word: t(`rating.${rating}`) }))}
        value={of.rating}
        onChange={(rating) => onChange({ rating })}
      />
      <Filter
        label={t("field.outcome")}
        all={t("filter.outcome")}
        options={outcomes.map((outcome) => ({ value: outcome, word: desk(`outcome.${outcome}`) }))}
        value={of.outcome}
        onChange={(outcome) => onChange({ outcome })}
      />
    </>
  );
}
