import { Button, Tooltip } from "@yingda/antd";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Indicator, IndicatorKey, Metric } from "@yingda/api/types";
import { useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { serverNow } from "../../lib/clock";
import { download } from "../../lib/download";
import { Failed } from "../../lib/failed";
import { count, dayAndTime, dayInWords, dayOf, percent } from "../../lib/format";
import { say } from "../../lib/i18n";
import { Icon } from "../../lib/icon";
import { Page } from "../../lib/page";
import { useKeys } from "../../lib/keys";
import { LoadingCards } from "../../lib/loading";
import { usePrefs } from "../../lib/prefs";
import { useProblemText } from "../../lib/problem";
import { useMe } from "../../lib/session";
import { toast } from "../../lib/toast";
import { Change } from "../change";
import { BehindDrawer } from "../drawer";
import { indicatorMap } from "../model";
import { behindRange, indicators, metrics, metricsCsv, metricsQuery } from "../queries";
import {
  addDays,
  chartsOf,
  chosenOf,
  daysBetween,
  drawnOf,
  ofWith,
  piecesOf,
  shapeOf,
  splitChartsOf,
  tones,
  type Chart,
  type HistorySearch,
  type Measured,
  type Piece,
} from "./model";
import { png } from "./picture";
import { HistoryPlot } from "./plot";
import { RangeBar } from "./range-bar";
import "../panel.css";
import "./history.css";

/** The search parameters of the list behind a number. */
const door = (line: Measured, { from, to }: { from: number; to: number }) => ({
  open: line.measure.key,
  at: from,
  until: to,
  part: line.part === undefined ? undefined : (line.part ?? ""),
});

interface TotalProps {
  line: Measured /** Why there is nothing to compare with. */;
  alone: string /** Its colour; null if it is drawn together with the others. */;
  tone: number | null;
  name: string;
  rule: string;
  hidden: boolean;
  whole: { from: number; to: number };
  onToggle(): void;
}

function Total({ line, alone, tone, name, rule, hidden, whole, onToggle }: TotalProps) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  return (
    <li className={hidden ? "history-total history-hidden" : "history-total"}>
      {tone === null ? (
        <span className="ib s" title={t("history.others")}>
          <i className={`swatch swatch-${tones}`} />
        </span>
      ) : (
        <button
          type="button"
          className="ib s"
          aria-pressed={!hidden}
          aria-label={t("history.draw", { name })}
          title={t("history.draw", { name })}
          onClick={onToggle}
        >
          <i className={`swatch swatch-${tone}`} />
        </button>
      )}
      <Tooltip title={rule} trigger={["hover", "focus"]} mouseEnterDelay={0.3} destroyOnHidden>
        <button type="button" className="definition grow">
          {name}
        </button>
      </Tooltip>
      <span className="history-sum">
        {line.values.length > 0 && line.values.every((value) => value === null) ? (
          <span className="t3">{t("nothing")}</span>
        ) : (
          <Link
            to="/reports/history"
            search={(now) => ({ ...(now as HistorySearch), ...door(line, whole) })}
            className="num"
            activeProps={{}}
            aria-current={undefined}
            aria-label={`${name} ${count(line.total, language)}`}
          >
            {count(line.total, language)}
          </Link>
        )}
        {line.measure.ratio && line.part === undefined && (
          <span className="t3 s2"> {percent(line.ratio, language)}</span>
        )}
      </span>
      <span className="history-change s2">
        <Change measure={line.measure} now={line.total} before={line.totalBefore} alone={alone} />
      </span>
    </li>
  );
}

interface CardProps {
  chart: Chart;
  first: Metric;
  pieces: readonly Piece[];
  names: ReadonlyMap<string, Indicator>;
  search: HistorySearch;
  range: string;
}

function ChartCard({ chart, first, pieces, names, search, range }: CardProps) {
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
        : say(line.called ?? undefined, language) || t("history.part.gone", { id: line.part.slice(-4) });
  const all = drawnOf(chart.lines, nameOf, t("history.others"));
  const split = search.split;
  const { key: chosen } = chosenOf(chart.table, search.of);
  const shown = all.filter((one) => !hidden.has(one.key));
  // The table has every part, including those that are drawn together.
  const columns = chart.lines.filter((line) => !hidden.has(line.id));
  const title = t(`table.${chart.table.name}`);
  const alone = !first.compare
    ? t("history.alone.none")
    : first.data_from !== null && first.compare.from < first.data_from
      ? t("history.alone.before", { day: dayOf(first.data_from, first.time_zone) })
      : "";
  const subject = split ? `${title} · ${numberOf(chosen)} · ${t(`history.split.${split}`)}` : title;
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
      const legend = shown.map((one) => ({
        name: one.name,
        value: count(
          one.values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
          language,
        ),
        tone: one.tone,
      }));
      const foot = `${t("history.definition", { version: first.definition })} · ${first.time_zone} · ${t("history.as_of", { time: dayAndTime(first.as_of, first.time_zone) })}`;
      download(
        `yingda-${split ? `${chosen}-${split}` : chart.table.name}-${pieces[0]?.day}-${pieces[pieces.length - 1]?.day}.png`,
        await png(drawing.current, { title: `${t("history.title")} · ${subject}`, range, foot, legend }),
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
        <span className="end" />
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
        {split && (
          <div className="history-of s2">
            <label className="t2" htmlFor={`${id}-of`}>
              {t("history.of")}
            </label>
            <select
              id={`${id}-of`}
              className="range-select"
              value={chosen}
              onChange={(event) => {
                const of = ofWith(search.of, chart.table, event.target.value as IndicatorKey);
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
                <option key={measure.key} value={measure.key}>
                  {numberOf(measure.key)}
                </option>
              ))}
            </select>
          </div>
        )}
        <ul className="history-totals" aria-label={t("history.totals", { name: subject })}>
          {chart.lines.map((line) => {
            const drawn = all.find((one) => one.line === line);
            return (
              <Total
                key={line.id}
                line={line}
                alone={alone}
                tone={drawn?.tone ?? null}
                name={nameOf(line)}
                rule={say(names.get(line.measure.key)?.rule, language)}
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
        <div className="plot-table history-table scroll" tabIndex={0} role="group" aria-label={title}>
          <table className="values">
            <thead>
              <tr>
                <th scope="col">{t("history.day")}</th>
                {columns.map((line) => (
                  <th key={line.id} scope="col" className="r">
                    {nameOf(line)}
                  </th>
                ))}
                <th scope="col">{t("history.state")}</th>
              </tr>
            </thead>
            <tbody>
              {pieces.map((piece, index) => (
                <tr key={piece.from}>
                  <th scope="row">{piece.day}</th>
                  {columns.map((line) => (
                    <td key={line.id} className="r">
                      {!piece.known ? (
                        <span className="t3">{t("nothing")}</span>
                      ) : (
                        <Link
                          to="/reports/history"
                          search={(now) => ({ ...(now as HistorySearch), ...door(line, piece) })}
                          className="num"
                          activeProps={{}}
                          aria-current={undefined}
                        >
                          {count(line.values[index] ?? 0, language)}
                        </Link>
                      )}
                    </td>
                  ))}
                  <td className="t3">
                    {!piece.known
                      ? t("history.state.unknown")
                      : piece.today
                        ? t("history.state.today")
                        : piece.final
                          ? t("history.state.final")
                          : t("history.state.provisional")}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <HistoryPlot
          name={chart.table.name}
          label={t("history.plot", { name: subject })}
          series={shown}
          pieces={pieces}
          shape={shapeOf(search)}
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

/** What happened day by day, and what changed compared with the days before. */
export function HistoryPage() {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const text = useProblemText();
  const me = useMe();
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/reports/history" });
  const asked = metricsQuery(search);
  const zone = search.tz ?? me.time_zone;
  const found = useQuery({ ...metrics(asked), placeholderData: keepPreviousData });
  const { data: definitions } = useQuery(indicators);
  const [saving, setSaving] = useState(false);
  const names = indicatorMap(definitions);
  const items = found.isError ? [] : (found.data?.items ?? []);
  const [first] = items;
  // If a number is zero throughout, it has no parts and no points.
  const pieces = first ? piecesOf(items.find((metric) => metric.series.length > 0) ?? first) : [];
  const today = dayOf(serverNow(), zone);
  const from = search.from ?? (first ? dayOf(first.from, first.time_zone) : "");
  const to = search.to ?? (first ? dayOf(first.to - 1, first.time_zone) : "");
  const uncounted = pieces.length > 0 && pieces.every((piece) => !piece.known);
  const nothing = !uncounted && items.length > 0 && items.every((metric) => metric.series.every((one) => !one.total));
  const range = first ? `${from} – ${to}` : "";

  const move = (days: number) => {
    if (from === "" || to === "") return;
    const length = daysBetween(from, to);
    const last = addDays(to, days) > today ? today : addDays(to, days);
    void navigate({
      to: "/reports/history",
      replace: true,
      search: (now) => {
        const { days: _days, open: _open, at: _at, until: _until, part: _part, ...rest } = now as HistorySearch;
        return { ...rest, from: addDays(last, -length), to: last };
      },
    });
  };
  const save = async () => {
    setSaving(true);
    try {
      download(
        `yingda-${search.split ? `${search.split}-` : ""}${from}-${to}.csv`,
        new Blob([await metricsCsv(asked, language)], { type: "text/csv;charset=utf-8" }),
      );
    } catch (error) {
      toast(text(error), "hot");
    } finally {
      setSaving(false);
    }
  };
  const long = from === "" || to === "" ? 7 : daysBetween(from, to) + 1;
  useKeys({
    v: () =>
      void navigate({
        to: "/reports/history",
        replace: true,
        search: (now) => {
          const { table, ...rest } = now as HistorySearch;
          return table ? rest : { ...rest, table: true };
        },
      }),
    c: () => void save(),
    "[": () => move(-long),
    "]": () => move(long),
  });
  const close = () =>
    void navigate({
      to: "/reports/history",
      search: (now) => {
        const { open: _open, at: _at, until: _until, part: _part, ...rest } = now as HistorySearch;
        return rest;
      },
    });
  const oneDay =
    search.at !== undefined && search.until !== undefined && dayOf(search.at, zone) === dayOf(search.until - 1, zone);
  const caption =
    search.at === undefined || search.until === undefined
      ? ""
      : oneDay
        ? dayInWords(search.at, zone, language)
        : `${dayOf(search.at, zone)} – ${dayOf(search.until - 1, zone)}`;
  return (
    <>
      <Page
        title={t("history.title")}
        acts={
          <Button loading={saving} disabled={!first} onClick={() => void save()}>
            <Icon name="download" />
            {t("csv.save")}
          </Button>
        }
        className="history-board"
      >
        <RangeBar search={search} company={me.time_zone} from={from} to={to} today={today} onMove={move} />
        <Failed of={found} />
        {found.isPending && (
          <LoadingCards cards={4} lines={4} className="history-charts" card="card history-card history-loading" />
        )}
        {nothing && (
          <p className="notice" role="status">
            {t("history.nothing")}
          </p>
        )}
        {uncounted && first && first.data_from !== null && (
          <p className="notice" role="status">
            {t("history.before", { day: dayOf(first.data_from, first.time_zone) })}
          </p>
        )}
        <div className="history-charts" aria-busy={found.isFetching}>
          {first &&
            pieces.length > 0 &&
            (search.split ? splitChartsOf(items, search.of) : chartsOf(items)).map((chart) => (
              <ChartCard
                key={chart.table.name}
                chart={chart}
                first={first}
                pieces={pieces}
                names={names}
                search={search}
                range={range}
              />
            ))}
        </div>
        {first && (
          <p className="history-foot t3 s1">
            {t("history.definition", { version: first.definition })}
            <i className="dot" />
            {first.time_zone}
            <i className="dot" />
            {t("history.as_of", { time: dayAndTime(first.as_of, first.time_zone) })}
            {first.data_from !== null && pieces.some((piece) => !piece.known) && (
              <>
                <i className="dot" />
                {t("history.since", { day: dayOf(first.data_from, first.time_zone) })}
              </>
            )}
            {pieces.some((piece) => !piece.final) && (
              <>
                <i className="dot" />
                {t("history.provisional")}
              </>
            )}
            {first.compare && (
              <>
                <i className="dot" />
                {t("history.compared", {
                  from: dayOf(first.compare.from, first.time_zone),
                  to: dayOf(first.compare.to - 1, first.time_zone),
                })}
              </>
            )}
          </p>
        )}
      </Page>
      <BehindDrawer
        indicator={names.get(search.open ?? "")}
        open={search.open ?? ""}
        caption={caption}
        zone={zone}
        onClose={close}
        pages={behindRange(
          search.open ?? "",
          search.at ?? 0,
          search.until ?? 0,
          search.part === undefined ? undefined : search.split,
          search.part,
        )}
      />
    </>
  );
}
