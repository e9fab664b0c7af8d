import { Button } from "@yingda/antd";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Choice } from "../../lib/choice";
import { serverNow } from "../../lib/clock";
import { Failed } from "../../lib/failed";
import { dayOf } from "../../lib/format";
import { Icon } from "../../lib/icon";
import { Page } from "../../lib/page";
import { useKeys } from "../../lib/keys";
import { LoadingCards } from "../../lib/loading";
import { useMe } from "../../lib/session";
import { indicatorMap } from "../model";
import { indicators, metrics, metricsQuery } from "../queries";
import { Behind } from "./behind";
import { Charts } from "./charts";
import { Foot } from "./foot";
import { addDays, daysBetween, piecesOf, shapeOf, tablesOf } from "./model";
import { RangeBar } from "./range-bar";
import { shapes, type Shape } from "./search";
import { useAddress } from "./use-address";
import { useSave } from "./use-save";
import "../panel.css";
import "./history.css";

/** What happened day by day, and what changed compared with the days before. */
export function HistoryPage() {
  const { t } = useTranslation("panel");
  const me = useMe();
  const { replace, toggleTable } = useAddress();
  const search = useSearch({ from: "/inside/reports/history" });
  const asked = metricsQuery(search);
  const zone = search.tz ?? me.time_zone;
  const found = useQuery({ ...metrics(asked), placeholderData: keepPreviousData });
  const { data: definitions } = useQuery(indicators);
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
    replace(({ days: _days, open: _open, at: _at, until: _until, part: _part, ...rest }) => ({
      ...rest,
      from: addDays(last, -length),
      to: last,
    }));
  };
  const { saving, save } = useSave(asked, `yingda-${search.split ? `${search.split}-` : ""}${from}-${to}.csv`);
  const long = from === "" || to === "" ? 7 : daysBetween(from, to) + 1;
  useKeys({
    v: toggleTable,
    c: () => void save(),
    "[": () => move(-long),
    "]": () => move(long),
  });
  const draw = (value: Shape) =>
    replace(({ shape: _shape, ...rest }) => (value === "lines" ? rest : { ...rest, shape: value }));
  return (
    <>
      <Page
        data-tour="history"
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
          {first && pieces.length > 0 && (
            <Charts
              items={items}
              first={first}
              pieces={pieces}
              names={names}
              search={search}
              range={range}
              alone={alone}
            />
          )}
        </div>
        {first && <Foot first={first} pieces={pieces} alone={alone} />}
      </Page>
      <Behind search={search} zone={zone} names={names} />
    </>
  );
}
