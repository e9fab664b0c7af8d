import { Input } from "@yingda/antd";
import type { SpecialDay } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import type { Faults } from "../lib/field";
import { Icon } from "../lib/icon";
import { Intervals } from "./intervals";

interface Props {
  day: SpecialDay;
  index: number;
  faults: Faults;
  onChange(change: Partial<SpecialDay>): void;
  onRemove(): void;
}

/** A day that is an exception from the week: a holiday, or one that is worked instead. */
export function SpecialDayRow({ day, index, faults, onChange, onRemove }: Props) {
  const { t } = useTranslation("settings");
  const of = `hours.days.${index}`;
  const wrong = faults[of] ?? faults[`${of}.date`] ?? faults[`${of}.name`];
  return (
    <div className="hours-date">
      <div className="row wrap">
        <input
          type="date"
          className="hours-date-field"
          aria-label={t("hours.date", { n: index + 1 })}
          aria-invalid={faults[of] || faults[`${of}.date`] ? true : undefined}
          value={day.date}
          onChange={(event) => onChange({ date: event.target.value })}
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
          onChange={(event) => onChange({ name: event.target.value })}
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
          onClick={onRemove}
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
        onChange={(intervals) => onChange({ intervals })}
      />
    </div>
  );
}
