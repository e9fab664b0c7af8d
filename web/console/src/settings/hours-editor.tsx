import { Button, Input } from "@yingda/antd";
import type { Interval, OpeningHours, SpecialDay } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Field, type Faults } from "../lib/field";
import { Icon } from "../lib/icon";
import { asTime, days, type Day } from "./hours";
import { Intervals } from "./intervals";
import { SpecialDayRow } from "./special-day";

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
        {value.days.map((day, index) => (
          <SpecialDayRow
            key={index}
            day={day}
            index={index}
            faults={faults}
            onChange={(change) => setSpecial(index, change)}
            onRemove={() => onChange({ ...value, days: value.days.filter((_, at) => at !== index) })}
          />
        ))}
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
