import { useNavigate } from "@tanstack/react-router";
import type { Indicator, Metric } from "@yingda/api/types";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../../lib/choice";
import { download } from "../../lib/download";
import { dayAndTime, percent } from "../../lib/format";
import { say } from "../../lib/i18n";
import { Icon } from "../../lib/icon";
import { usePrefs } from "../../lib/prefs";
import { toast } from "../../lib/toast";
import { riseOf, type MetricKey } from "../model";
import { statistics, type HistorySearch } from "./search";
import { valueText } from "../value";
import { DayTable } from "./day-table";
import {
  apartOf,
  canAdd,
  chosenOf,
  door,
  drawnOf,
  handleOf,
  ofWith,
  shapeOf,
  unitOf,
  type Chart,
  type Measured,
  type Piece,
} from "./model";
import { png } from "./picture";
import { HistoryPlot } from "./plot";
import { Total } from "./total";

interface CardProps {
  chart: Chart;
  first: Metric;
  pieces: readonly Piece[];
  names: ReadonlyMap<string, Indicator>;
  search: HistorySearch;
  range: string;
  /** Why some numbers have nothing to compare with. */
  alone: string;
}

/** A chart with its totals and its change, as a drawing or as a table. */
export function ChartCard({ chart, first, pieces, names, search, range, alone }: CardProps) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const navigate = useNavigate();
  const id = useId();
  const drawing = useRef<SVGSVGElement>(null);
  const [saving, setSaving] = useState(false);
  const hidden = new Set((search.hide ?? "").split(",").filter((key) => key !== ""));
  const numberOf = (key: string) => say(names.get(key)?.name, language) || key;
  const nameOf = (line: Measured) =>
    line.part === undefined
      ? numberOf(line.measure.key)
      : line.part === null
        ? t(search.split === "queue" ? "history.part.never" : "history.part.none")
        : say(line.called ?? undefined, language) ||
          (search.split === "topic" ? line.part : t("history.part.gone", { id: line.part.slice(-4) }));
  const unit = unitOf(chart.table);
  const all = canAdd(unit) ? drawnOf(chart.lines, nameOf, t("history.others")) : apartOf(chart.lines, nameOf, hidden);
  const split = search.split;
  const chosen = chosenOf(chart.table, search.of);
  const shown = all.filter((one) => !hidden.has(one.key));
  const targetOf = (key: MetricKey) => names.get(key)?.target ?? null;
  const [only, ...others] = split ? [chosen] : shown.map((one) => one.line?.measure);
  const target = only && others.length === 0 ? targetOf(only.key) : null;
  const explanationOf = (key: MetricKey) => {
    const target = targetOf(key);
    const share = target && t(`target.${target.direction}`, { share: percent(target.value, language) });
    return (
      <>
        {say(names.get(key)?.rule, language)}
        {share && <p>{t("history.target", { target: share })}</p>}
      </>
    );
  };
  // The table has every part, including those that are drawn together.
  const columns = chart.lines.filter((line) => !hidden.has(line.id));
  const title = t(`table.${chart.table.name}`);
  const compared = chart.lines.some((line) => line.totalBefore !== null);
  const subject = split ? `${title} · ${numberOf(chosen.key)} · ${t(`history.split.${split}`)}` : title;
  const go = (change: Partial<HistorySearch>) =>
    void navigate({ to: "/reports/history", search: (now) => ({ ...(now as HistorySearch), ...change }) });
  const toggle = (key: string) => {
    const next = hidden.has(key) ? [...hidden].filter((one) => one !== key) : [...hidden, key];
    void navigate({
      to: "/reports/history",
      replace: true,
      search: (now) => {
        const { hide: _hide, ...rest } = now as HistorySearch;
        return next.length === 0 ? rest : { ...rest, hide: next.join(",") };
      },
    });
  };
  const save = async () => {
    if (!drawing.current) return;
    setSaving(true);
    try {
      const under = unit === "ms" ? `${range} · ${t("history.scale")}` : range;
      const legend = shown.map((one) => ({
        name: one.name,
        value: valueText(
          one.line ? one.line.total : one.values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
          unit,
          language,
        ),
        tone: one.tone,
      }));
      const foot = `${t("history.definition", { version: first.definition })} · ${first.time_zone} · ${t("history.as_of", { time: dayAndTime(first.as_of, first.time_zone) })}`;
      download(
        `yingda-${split ? `${chosen.key}-${split}` : chart.table.name}-${pieces[0]?.day}-${pieces[pieces.length - 1]?.day}.png`,
        await png(drawing.current, { title: `${t("history.title")} · ${subject}`, range: under, foot, legend }),
      );
    } catch {
      toast(t("history.picture_failed"), "hot");
    } finally {
      setSaving(false);
    }
  };
  return (
    <section className="card history-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="end t3 s1 history-scale">
          {unit === "ms" && !search.table && t("history.scale")}
          {!search.table && shown.some((one) => one.band) && (
            <>
              <i className="dot" />
              {t("history.band")}
            </>
          )}
        </span>
        {!search.table && (
          <button
            type="button"
            className="ib s"
            aria-label={t("history.save_picture", { name: title })}
            title={t("history.save_picture", { name: title })}
            disabled={saving}
            onClick={() => void save()}
          >
            <Icon name="image" />
          </button>
        )}
        <button
          type="button"
          className="ib s"
          aria-pressed={search.table === true}
          aria-label={t("as_table", { name: title })}
          title={t("as_table", { name: title })}
          onClick={() =>
            void navigate({
              to: "/reports/history",
              replace: true,
              search: (now) => {
                const { table, ...rest } = now as HistorySearch;
                return table ? rest : { ...rest, table: true };
              },
            })
          }
        >
          <Icon name="table" />
        </button>
      </header>
      <div className="history-side">
        {chart.table.name === "times" && (
          <Choice
            label={t("history.times")}
            className="history-times"
            value={search.times ?? "p50"}
            options={statistics.map((value) => ({
              value,
              word: t(`history.times.${value}`),
              label: t(`history.times.${value}.what`),
            }))}
            onChange={(value) =>
              void navigate({
                to: "/reports/history",
                replace: true,
                search: (now) => {
                  const { times: _times, ...rest } = now as HistorySearch;
                  return value === "p50" ? rest : { ...rest, times: value };
                },
              })
            }
          />
        )}
        {split && (
          <div className="history-of s2">
            <label className="t2" htmlFor={`${id}-of`}>
              {t("history.of")}
            </label>
            <select
              id={`${id}-of`}
              className="range-select"
              value={handleOf(chosen)}
              onChange={(event) => {
                const of = ofWith(search.of, chart.table, event.target.value);
                void navigate({
                  to: "/reports/history",
                  replace: true,
                  search: (now) => {
                    const { of: _of, ...rest } = now as HistorySearch;
                    return of ? { ...rest, of } : rest;
                  },
                });
              }}
            >
              {chart.table.measures.map((measure) => (
                <option key={measure.key} value={handleOf(measure)}>
                  {numberOf(measure.key)}
                </option>
              ))}
            </select>
          </div>
        )}
        {compared && first.compare && (
          <p className="history-against s1 t3">{t(`history.against.${first.compare.with}`)}</p>
        )}
        <ul className="history-totals" aria-label={t("history.totals", { name: subject })}>
          {chart.lines.map((line) => {
            const drawn = all.find((one) => one.line === line);
            return (
              <Total
                key={line.id}
                line={line}
                compared={compared}
                rise={riseOf(line.measure, targetOf(line.measure.key))}
                alone={alone}
                tone={drawn?.tone ?? null}
                name={nameOf(line)}
                rule={explanationOf(line.measure.key)}
                hidden={hidden.has(line.id)}
                whole={first}
                onToggle={() => toggle(line.id)}
              />
            );
          })}
          {split && chart.lines.length === 0 && <li className="t3 s2 history-total">{t("history.part.nothing")}</li>}
        </ul>
      </div>
      {search.table ? (
        <DayTable title={title} lines={columns} pieces={pieces} nameOf={nameOf} />
      ) : (
        <HistoryPlot
          label={t("history.plot", { name: subject })}
          series={shown}
          pieces={pieces}
          shape={canAdd(unit) ? shapeOf(search) : "lines"}
          unit={unit}
          target={target}
          zone={first.time_zone}
          drawing={drawing}
          onOpen={(one, piece) => {
            if (one.line) go(door(one.line, piece));
          }}
        />
      )}
    </section>
  );
}
