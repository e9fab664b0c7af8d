import { Button, Input } from "@yingda/antd";
import type { Interval, OpeningHours, SpecialDay } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field, type Faults } from "../lib/field";
import { Icon } from "../lib/icon";
import { asTime, days, nextInterval, share, type Day } from "./hours";

interface IntervalsProps {
  of: string;
  field: string;
  intervals: readonly Interval[];
  faults: Faults;
  onChange(intervals: Interval[]): void;
}

/** The intervals of one day: a bar that shows them, and their times. */
function Intervals({ of, field, intervals, faults, onChange }: IntervalsProps) {
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

/** The fields beside which the editor shows their errors. */
export const hoursFields = ["hours.week.*", "hours.days.*", "hours.answer_within_h"] as const;

/** A week, the days that are exceptions, and the answer time promised to a customer who leaves a message. Times are in the company's time zone. */
export function HoursEditor({
  value,
  zone,
  faults,
  onChange,
}: {
  value: OpeningHours;
  zone: string;
  faults: Faults;
  onChange(value: OpeningHours): void;
}) {
  const { t } = useTranslation("settings");
  const setDay = (day: Day, intervals: Interval[]) => onChange({ ...value, week: { ...value.week, [day]: intervals } });
  const setSpecial = (index: number, change: Partial<SpecialDay>) =>
    onChange({ ...value, days: value.days.map((day, at) => (at === index ? { ...day, ...change } : day)) });
  const copyMonday = () =>
    onChange({
      ...value,
      week: {
        ...value.week,
        ...Object.fromEntries(
          (["tue", "wed", "thu", "fri"] as const).map((day) => [
            day,
            value.week.mon.map((interval) => ({ ...interval })),
          ]),
        ),
      },
    });
  return (
    <div className="hours">
      <p className="s2 t3">{t("hours.zone", { zone })}</p>
      <div className="hours-week" role="group" aria-label={t("hours.week")}>
        {days.map((day) => (
          <div key={day} className="hours-row">
            <span className="hours-name">{t(`day.${day}`)}</span>
            <Intervals
              of={t(`day.${day}`)}
              field={`hours.week.${day}`}
              intervals={value.week[day]}
              faults={faults}
              onChange={(intervals) => setDay(day, intervals)}
            />
          </div>
        ))}
      </div>
      <div className="row">
        <button type="button" className="y-text-button" onClick={copyMonday}>
          {t("hours.copy_monday")}
        </button>
      </div>
      <section
        className="hours-special"
        aria-label={t("hours.days")}
        tabIndex={-1}
        aria-invalid={faults["hours.days"] ? true : undefined}
      >
        <h3>{t("hours.days")}</h3>
        <p className="s2 t3">{t("hours.days.what")}</p>
        {value.days.map((day, index) => {
          const of = `hours.days.${index}`;
          const wrong = faults[of] ?? faults[`${of}.date`] ?? faults[`${of}.name`];
          return (
            <div key={index} className="hours-date">
              <div className="row wrap">
                <input
                  type="date"
                  className="hours-date-field"
                  aria-label={t("hours.date", { n: index + 1 })}
                  aria-invalid={faults[of] || faults[`${of}.date`] ? true : undefined}
                  value={day.date}
                  onChange={(event) => setSpecial(index, { date: event.target.value })}
                />
                <Input
                  className="hours-label"
                  maxLength={40}
                  autoComplete="off"
                  placeholder={t("hours.name.hint")}
                  aria-label={t("hours.name", { n: index + 1 })}
                  status={faults[`${of}.name`] ? "error" : ""}
                  aria-invalid={faults[`${of}.name`] ? true : undefined}
                  value={day.name}
                  onChange={(event) => setSpecial(index, { name: event.target.value })}
                />
                <span className={day.intervals.length === 0 ? "tag" : "tag brand"}>
                  {day.intervals.length === 0 ? t("hours.holiday") : t("hours.make_up")}
                </span>
                <span className="grow" />
                <button
                  type="button"
                  className="ib s"
                  aria-label={t("hours.remove_date", { n: index + 1 })}
                  title={t("delete")}
                  onClick={() => onChange({ ...value, days: value.days.filter((_, at) => at !== index) })}
                >
                  <Icon name="trash" />
                </button>
              </div>
              {wrong && (
                <span className="field-error" role="alert">
                  {wrong}
                </span>
              )}
              <Intervals
                of={day.name || day.date || t("hours.new_day")}
                field={`${of}.intervals`}
                intervals={day.intervals}
                faults={faults}
                onChange={(intervals) => setSpecial(index, { intervals })}
              />
            </div>
          );
        })}
        {faults["hours.days"] && (
          <span className="field-error" role="alert">
            {faults["hours.days"]}
          </span>
        )}
        <div className="row">
          <Button
            repeats
            size="small"
            onClick={() => onChange({ ...value, days: [...value.days, { date: "", name: "", intervals: [] }] })}
          >
            <Icon name="plus" />
            {t("hours.add_date")}
          </Button>
        </div>
      </section>
      <Field label={t("hours.answer")} hint={t("hours.answer.what")} error={faults["hours.answer_within_h"]}>
        {(ids) => (
          <Input
            {...ids}
            className="settings-short"
            inputMode="numeric"
            autoComplete="off"
            maxLength={3}
            value={Number.isNaN(value.answer_within_h) ? "" : String(value.answer_within_h)}
            onChange={(event) => onChange({ ...value, answer_within_h: Number.parseInt(event.target.value, 10) })}
          />
        )}
      </Field>
    </div>
  );
}

/** Opening hours in the form that is sent: times as `09:30`, names trimmed, a missing answer time as 0. */
export function cleanHours(hours: OpeningHours): OpeningHours {
  const clean = (intervals: readonly Interval[]) =>
    intervals.map(({ from, to }) => ({ from: asTime(from), to: asTime(to) }));
  return {
    week: Object.fromEntries(days.map((day) => [day, clean(hours.week[day])])) as unknown as OpeningHours["week"],
    days: hours.days.map((day) => ({ ...day, name: day.name.trim(), intervals: clean(day.intervals) })),
    answer_within_h: Number.isNaN(hours.answer_within_h) ? 0 : hours.answer_within_h,
  };
}

/** Hours as they are compared: a line for each day, then the days that are exceptions, then the promised answer time. */
export function useHoursInWords(): (hours: OpeningHours) => string {
  const { t } = useTranslation("settings");
  const times = (intervals: readonly Interval[]) =>
    intervals.map(({ from, to }) => `${from}–${to}`).join(" ") || t("hours.closed");
  return (hours) =>
    [
      ...days.map((day) => `${t(`day.${day}`)} ${times(hours.week[day])}`),
      ...hours.days.map((day) => `${day.date} ${day.name} ${times(day.intervals)}`),
      `${t("hours.answer")} ${hours.answer_within_h}`,
    ].join("\n");
}
