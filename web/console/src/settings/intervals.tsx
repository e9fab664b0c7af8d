import { Input } from "@yingda/antd";
import type { Interval } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import type { Faults } from "../lib/field";
import { Icon } from "../lib/icon";
import { asTime, nextInterval, share } from "./hours";

interface IntervalsProps {
  of: string;
  field: string;
  intervals: readonly Interval[];
  faults: Faults;
  onChange(intervals: Interval[]): void;
}

/** The intervals of one day: a bar that shows them, and their times. */
export function Intervals({ of, field, intervals, faults, onChange }: IntervalsProps) {
  const { t } = useTranslation("settings");
  const set = (index: number, change: Partial<Interval>) =>
    onChange(intervals.map((interval, at) => (at === index ? { ...interval, ...change } : interval)));
  const end = (index: number, side: "from" | "to") => {
    const wrong = faults[`${field}.${index}.${side}`] ?? faults[`${field}.${index}`];
    const value = intervals[index]?.[side] ?? "";
    return (
      <Input
        className="hours-time"
        inputMode="numeric"
        autoComplete="off"
        maxLength={5}
        placeholder={side === "from" ? "09:00" : "18:00"}
        aria-label={t(`hours.${side}`, { day: of, n: index + 1 })}
        status={wrong ? "error" : ""}
        aria-invalid={wrong ? true : undefined}
        value={value}
        onChange={(event) => set(index, { [side]: event.target.value })}
        onBlur={() => {
          if (asTime(value) !== value) set(index, { [side]: asTime(value) });
        }}
      />
    );
  };
  const wrong = Object.entries(faults).find(([name]) => name === field || name.startsWith(`${field}.`))?.[1];
  return (
    <div className="hours-day">
      <svg className="hours-bar" viewBox="0 0 24 1" preserveAspectRatio="none" aria-hidden="true">
        <rect className="hours-closed" width="24" height="1" />
        {intervals.map((interval, index) => {
          const part = share(interval);
          return (
            part && <rect key={index} className="hours-open" x={part.start * 24} width={part.length * 24} height="1" />
          );
        })}
      </svg>
      <div className="row wrap hours-times">
        {intervals.length === 0 && <span className="t3 s2">{t("hours.closed")}</span>}
        {intervals.map((_, index) => (
          <span key={index} className="row hours-interval">
            {end(index, "from")}
            <span aria-hidden="true">–</span>
            {end(index, "to")}
            <button
              type="button"
              className="ib s"
              aria-label={t("hours.remove", { day: of, n: index + 1 })}
              title={t("delete")}
              onClick={() => onChange(intervals.filter((__, at) => at !== index))}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
        {intervals.length < 8 && (
          <button
            type="button"
            className="y-text-button"
            aria-label={t("hours.add_to", { day: of })}
            onClick={() => onChange([...intervals, nextInterval(intervals)])}
          >
            {t("hours.add")}
          </button>
        )}
      </div>
      {wrong && <span className="field-error" role="alert">{`${of}: ${wrong}`}</span>}
    </div>
  );
}
