import { Button, Input } from "@yingda/antd";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../../lib/choice";
import { Icon } from "../../lib/icon";
import { addDays, daysBetween, faultOf, mostDays } from "./model";
import { comparisons, splits, type Comparison, type HistorySearch, type SplitBy } from "./search";

/** The names of the time zones this browser knows. */
const zones = (): string[] => (typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : []);
/** Stands for all zones in the list until they are shown. */
const every = "*";

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
  const navigate = useNavigate();
  const id = useId();
  const [draft, setDraft] = useState({ from, to });
  useEffect(() => setDraft({ from, to }), [from, to]);
  const fault = faultOf(draft.from, draft.to, today);
  const go = (change: (now: HistorySearch) => HistorySearch) =>
    void navigate({ to: "/reports/history", search: (now) => change(now as HistorySearch), replace: true });
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
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const often = [...new Set([here, "UTC", ...(search.tz ? [search.tz] : [])])].filter((one) => one !== company);
  // Several hundred names that hardly anyone needs are added to the page only on request.
  const [all, setAll] = useState(false);
  const zone = useRef<HTMLSelectElement>(null);
  useEffect(() => {
    if (!all) return;
    try {
      zone.current?.showPicker();
    } catch {
      zone.current?.focus();
    }
  }, [all]);
  const long = from === "" || to === "" ? 7 : daysBetween(from, to) + 1;
  return (
    <div className="range-bar">
      <Choice
        label={t("history.range")}
        value={preset}
        options={["7", "30", "own"].map((value) => ({ value, word: t(`history.range.${value}`) }))}
        onChange={choose}
      />
      <span className="row range-days">
        <button
          type="button"
          className="ib s"
          aria-label={t("history.earlier")}
          title={t("history.earlier")}
          onClick={() => onMove(-long)}
        >
          <Icon name="left" />
        </button>
        <label htmlFor={`${id}-from`} className="sr">
          {t("history.from")}
        </label>
        <Input
          id={`${id}-from`}
          type="date"
          max={today}
          value={draft.from}
          status={fault ? "error" : ""}
          aria-invalid={fault !== null}
          aria-describedby={fault ? `${id}-fault` : undefined}
          onChange={(event) => edit({ from: event.target.value })}
        />
        <span aria-hidden="true">–</span>
        <label htmlFor={`${id}-to`} className="sr">
          {t("history.to")}
        </label>
        <Input
          id={`${id}-to`}
          type="date"
          max={today}
          value={draft.to}
          status={fault ? "error" : ""}
          aria-invalid={fault !== null}
          aria-describedby={fault ? `${id}-fault` : undefined}
          onChange={(event) => edit({ to: event.target.value })}
        />
        <button
          type="button"
          className="ib s range-later"
          aria-label={t("history.later")}
          title={t("history.later")}
          disabled={to >= today}
          onClick={() => onMove(long)}
        >
          <Icon name="left" />
        </button>
      </span>
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
      <span className="row s2 range-choice">
        <label className="t2" htmlFor={`${id}-zone`}>
          {t("history.zone")}
        </label>
        <select
          id={`${id}-zone`}
          ref={zone}
          className="range-select"
          value={search.tz ?? ""}
          onChange={(event) => {
            const { value } = event.target;
            if (value === every) setAll(true);
            else
              go(({ tz: _tz, open: _open, at: _at, until: _until, part: _part, ...now }) =>
                value === "" ? now : { ...now, tz: value },
              );
          }}
        >
          <option value="">{t("history.zone.company", { zone: company })}</option>
          {often.map((one) => (
            <option key={one} value={one}>
              {one === here ? t("history.zone.here", { zone: one }) : one}
            </option>
          ))}
          {all ? (
            <optgroup label={t("history.zone.all")}>
              {zones()
                .filter((one) => one !== company && !often.includes(one))
                .map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
            </optgroup>
          ) : (
            <option value={every}>{t("history.zone.more")}</option>
          )}
        </select>
      </span>
      {fault && (
        <p id={`${id}-fault`} className="range-fault hot s2" role="alert">
          {t(`history.fault.${fault}`, { days: mostDays })}
        </p>
      )}
    </div>
  );
}
