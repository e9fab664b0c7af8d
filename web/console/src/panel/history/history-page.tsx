import { Button } from "@yingda/antd";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../../lib/choice";
import { serverNow } from "../../lib/clock";
import { download } from "../../lib/download";
import { Failed } from "../../lib/failed";
import { dayAndTime, dayInWords, dayOf } from "../../lib/format";
import { Icon } from "../../lib/icon";
import { Page } from "../../lib/page";
import { useKeys } from "../../lib/keys";
import { LoadingCards } from "../../lib/loading";
import { usePrefs } from "../../lib/prefs";
import { useProblemText } from "../../lib/problem";
import { useMe } from "../../lib/session";
import { toast } from "../../lib/toast";
import { BehindDrawer } from "../drawer";
import { indicatorMap } from "../model";
import { behindRange, indicators, metrics, metricsCsv, metricsQuery } from "../queries";
import { ChartCard } from "./chart-card";
import { addDays, chartsOf, daysBetween, piecesOf, shapeOf, splitChartsOf, tablesOf } from "./model";
import { shapes, type HistorySearch, type Shape } from "./search";
import { RangeBar } from "./range-bar";
import "../panel.css";
import "./history.css";

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
  const alone =
    first?.compare && first.data_from !== null && first.compare.from < first.data_from
      ? t("history.alone.before", { day: dayOf(first.data_from, first.time_zone) })
      : "";

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
  const draw = (value: Shape) =>
    void navigate({
      to: "/reports/history",
      replace: true,
      search: (now) => {
        const { shape: _shape, ...rest } = now as HistorySearch;
        return value === "lines" ? rest : { ...rest, shape: value };
      },
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
          <>
            <Choice
              label={t("history.shape")}
              hint={t("history.shape.others")}
              className="history-shape"
              value={shapeOf(search)}
              options={shapes.map((value) => ({
                value,
                word: t(`history.shape.${value}`),
                ...(value === "stacked" && !search.split ? { cannot: t("history.shape.stacked.cannot") } : {}),
              }))}
              onChange={draw}
            />
            <Button loading={saving} disabled={!first} onClick={() => void save()}>
              <Icon name="download" />
              {t("csv.save")}
            </Button>
          </>
        }
        className="history-board"
      >
        <RangeBar search={search} company={me.time_zone} from={from} to={to} today={today} onMove={move} />
        <Failed of={found} />
        {found.isPending && (
          <LoadingCards
            cards={tablesOf().length}
            lines={4}
            className="history-charts"
            card="card history-card history-loading"
          />
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
            (search.split
              ? splitChartsOf(items, search.split, search.of, search.times)
              : chartsOf(items, search.times)
            ).map((chart) => (
              <ChartCard
                key={chart.table.name}
                chart={chart}
                first={first}
                pieces={pieces}
                names={names}
                search={search}
                range={range}
                alone={alone}
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
            {alone !== "" && (
              <>
                <i className="dot" />
                {alone}
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
