import { Button } from "@yingda/antd";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../../lib/choice";
import { addDays, daysBetween, faultOf, mostDays } from "./model";
import { RangeDays } from "./range-days";
import { comparisons, splits, type Comparison, type HistorySearch, type SplitBy } from "./search";
import { useAddress } from "./use-address";
import { ZoneChoice } from "./zone-choice";

interface Props {
  search: HistorySearch;
  /** The company's time zone. */
  company: string;
  from: string;
  to: string;
  today: string;
  onMove(days: number): void;
}

/** The choice of days, of the comparison, of the split, and of the time zone. */
export function RangeBar({ search, company, from, to, today, onMove }: Props) {
  const { t } = useTranslation("panel");
  const { replace: go } = useAddress();
  const id = useId();
  const [draft, setDraft] = useState({ from, to });
  useEffect(() => setDraft({ from, to }), [from, to]);
  const fault = faultOf(draft.from, draft.to, today);
  const rest = ({
    from: _from,
    to: _to,
    days: _days,
    open: _open,
    at: _at,
    until: _until,
    part: _part,
    ...kept
  }: HistorySearch) => kept;
  const preset = search.from ? "own" : search.days === 30 ? "30" : "7";
  const choose = (value: string) => {
    if (value === "own")
      go((now) => ({ ...rest(now), from: from || addDays(today, -7), to: to || addDays(today, -1) }));
    else go((now) => ({ ...rest(now), ...(value === "30" ? { days: 30 as const } : {}) }));
  };
  const edit = (change: Partial<typeof draft>) => {
    const next = { ...draft, ...change };
    setDraft(next);
    if (next.from !== "" && next.to !== "" && faultOf(next.from, next.to, today) === null)
      go((now) => ({ ...rest(now), from: next.from, to: next.to }));
  };
  const long = from === "" || to === "" ? 7 : daysBetween(from, to) + 1;
  return (
    <div className="range-bar">
      <Choice
        label={t("history.range")}
        value={preset}
        options={["7", "30", "own"].map((value) => ({ value, word: t(`history.range.${value}`) }))}
        onChange={choose}
      />
      <RangeDays
        id={id}
        draft={draft}
        fault={fault}
        today={today}
        isLast={to >= today}
        onEdit={edit}
        onEarlier={() => onMove(-long)}
        onLater={() => onMove(long)}
      />
      {to !== "" && to < today && (
        <Button onClick={() => go((now) => ({ ...rest(now), from, to: today }))}>{t("history.with_today")}</Button>
      )}
      <span className="row s2 range-choice">
        <label className="t2" htmlFor={`${id}-compare`}>
          {t("history.compare")}
        </label>
        <select
          id={`${id}-compare`}
          className="range-select"
          value={search.compare ?? "previous"}
          onChange={(event) => {
            const value = event.target.value as Comparison;
            go(({ compare: _compare, ...now }) => (value === "previous" ? now : { ...now, compare: value }));
          }}
        >
          {comparisons.map((one) => (
            <option key={one} value={one}>
              {t(`history.compare.${one}`)}
            </option>
          ))}
        </select>
      </span>
      <span className="row s2 range-choice">
        <label className="t2" htmlFor={`${id}-split`}>
          {t("history.split")}
        </label>
        <select
          id={`${id}-split`}
          className="range-select"
          value={search.split ?? ""}
          onChange={(event) => {
            const value = event.target.value as SplitBy | "";
            go(({ split: _split, hide: _hide, open: _open, at: _at, until: _until, part: _part, ...now }) =>
              value === "" ? now : { ...now, split: value },
            );
          }}
        >
          <option value="">{t("history.split.none")}</option>
          {splits.map((one) => (
            <option key={one} value={one}>
              {t(`history.split.${one}`)}
            </option>
          ))}
        </select>
      </span>
      <ZoneChoice search={search} company={company} />
      {fault && (
        <p id={`${id}-fault`} className="range-fault hot s2" role="alert">
          {t(`history.fault.${fault}`, { days: mostDays })}
        </p>
      )}
    </div>
  );
}
