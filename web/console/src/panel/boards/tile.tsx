import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { Indicator } from "@yingda/api/types";
import { useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../../lib/clock";
import { Failed } from "../../lib/failed";
import { say } from "../../lib/i18n";
import { Icon } from "../../lib/icon";
import { usePrefs } from "../../lib/prefs";
import { useMe } from "../../lib/session";
import { Table } from "../../lib/table";
import { Change } from "../change";
import { canAdd, named, type HistoryMeasure, type Measured, type Piece, type Tones } from "../history/model";
import { usePartName } from "../history/names";
import { HistoryPlot } from "../history/plot";
import { metrics } from "../queries";
import { valueText } from "../value";
import { behindOf, measureOf, queryOf, seriesOf, shownOf, todayOf, type Shown, type Tile } from "./model";

const minute = 60_000;

interface Props {
  tile: Tile;
  indicator: Indicator;
  /** The colours of the parts, the same on all tiles of the board. */
  colours: Tones | undefined;
  /** What can be done with the tile, at the end of its head. */
  acts: ReactNode;
}

interface Body {
  tile: Tile;
  measure: HistoryMeasure;
  shown: Shown;
  title: string;
  nameOf(line: Measured): string;
}

/** A value with a link to the list behind it. */
function Door({
  tile,
  line,
  period,
  value,
  label,
  className = "num",
}: {
  tile: Tile;
  line: Measured;
  period: { from: number; to: number };
  value: number | null;
  label?: string;
  className?: string;
}) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  if (value === null) return <span className="t3">{t("nothing")}</span>;
  return (
    <Link
      to="/reports/boards/$board"
      params={(now) => ({ board: now.board ?? "" })}
      search={behindOf(tile, line, period)}
      className={className}
      activeProps={{}}
      aria-current={undefined}
      aria-label={label}
    >
      {valueText(value, line.measure.unit, language)}
    </Link>
  );
}

/** The number, with its change from the period before. */
function NumberBody({ tile, shown, title }: Body) {
  const { t } = useTranslation("boards");
  const [line] = shown.lines;
  if (!line) return <p className="t3 tile-none">{t("nothing")}</p>;
  return (
    <p className="tile-number">
      <Door
        tile={tile}
        line={line}
        period={shown.whole}
        value={line.total}
        label={undefined}
        className="num tile-value"
      />
      <span className="s2">
        <Change measure={line.measure} now={line.total} before={line.totalBefore} alone={t("alone", { name: title })} />
      </span>
      <span className="s1 t3">{t(`against.${tile.range}`)}</span>
    </p>
  );
}

function LineBody({ tile, measure, shown, title, nameOf, colours }: Body & { colours: Tones | undefined }) {
  const { t } = useTranslation("boards");
  const { t: panel } = useTranslation("panel");
  const navigate = useNavigate();
  const me = useMe();
  const drawing = useRef<SVGSVGElement>(null);
  const lines = tile.split === null ? shown.lines : named(shown.lines, nameOf);
  const series = seriesOf(lines, measure.unit, nameOf, panel("history.others"), colours);
  return (
    <>
      <HistoryPlot
        label={t("plot", { name: title })}
        series={series}
        pieces={shown.pieces}
        shape="lines"
        unit={measure.unit}
        target={null}
        zone={me.time_zone}
        drawing={drawing}
        onOpen={(one, piece) => {
          if (one.line)
            void navigate({
              to: "/reports/boards/$board",
              params: (now) => ({ board: now.board ?? "" }),
              search: behindOf(tile, one.line, piece),
            });
        }}
      />
      {tile.split !== null && (
        <ul className="tile-legend s1 t2">
          {series.map((one) => (
            <li key={one.key}>
              <i className={`swatch swatch-${one.tone}`} /> {one.name}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** A bar for each part, as long as its share of the largest; each number is a door. */
function BarsBody({ tile, measure, shown, nameOf }: Body) {
  const { t } = useTranslation("boards");
  const lines = shown.lines.filter((line) => line.total !== null && (!canAdd(measure.unit) || line.total > 0));
  const largest = Math.max(...lines.map((line) => line.total ?? 0), 0);
  if (lines.length === 0) return <p className="t3 tile-none">{t("nothing")}</p>;
  return (
    <ul className="tile-bars scroll">
      {lines.map((line) => (
        <li key={line.id}>
          <span className="tile-part">
            <bdi>{nameOf(line)}</bdi>
          </span>
          <span className="tile-bar" aria-hidden="true">
            <i style={{ inlineSize: `${largest > 0 ? ((line.total ?? 0) / largest) * 100 : 0}%` }} />
          </span>
          <Door tile={tile} line={line} period={shown.whole} value={line.total} />
        </li>
      ))}
    </ul>
  );
}

const whenOf = (piece: Piece) => piece.time ?? piece.day;

/** A row for each part with its change, or for each day or hour. */
function TableBody({ tile, measure, shown, title, nameOf }: Body) {
  const { t } = useTranslation("boards");
  const [line] = shown.lines;
  const single = tile.split === null || tile.part !== null;
  if (!line) return <p className="t3 tile-none">{t("nothing")}</p>;
  const box = { label: title, form: "values", className: "plot-table tile-table" } as const;
  const value = { id: "value", title: t("column.value"), align: "end" } as const;
  if (single) {
    const rows = shown.pieces.map((piece, index) => ({ piece, value: line.values[index] ?? null }));
    return (
      <Table
        {...box}
        columns={[
          {
            id: "when",
            title: t(tile.range === "today" ? "column.hour" : "column.day"),
            isHeading: true,
            cell: ({ piece }) => whenOf(piece),
          },
          { ...value, cell: (row) => <Door tile={tile} line={line} period={row.piece} value={row.value} /> },
        ]}
        rows={rows}
        keyOf={({ piece }) => String(piece.from)}
      />
    );
  }
  return (
    <Table
      {...box}
      columns={[
        { id: "part", title: t("column.part"), isHeading: true, cell: nameOf },
        { ...value, cell: (one) => <Door tile={tile} line={one} period={shown.whole} value={one.total} /> },
        {
          id: "change",
          title: t("column.change"),
          align: "end",
          cell: (one) => <Change measure={measure} now={one.total} before={one.totalBefore} />,
        },
      ]}
      rows={shown.lines}
      keyOf={({ id }) => id}
    />
  );
}

/** A tile: a number of the company over some days, in the form that was chosen. */
export function TileCard({ tile, indicator, colours, acts }: Props) {
  const { t } = useTranslation("boards");
  const { t: panel } = useTranslation("panel");
  const { language } = usePrefs();
  const me = useMe();
  const partName = usePartName();
  const [asTable, setAsTable] = useState(false);
  const now = useNow(minute);
  const found = useQuery({ ...metrics(queryOf(tile, todayOf(now, me.time_zone))), refetchInterval: minute });
  const [metric] = found.data?.items ?? [];
  const measure = measureOf(indicator);
  const shown = metric ? shownOf(tile, metric, measure) : null;
  const name = say(indicator.name, language);
  const part =
    tile.part !== null && shown?.lines[0] && tile.split !== null ? partName(shown.lines[0], tile.split) : null;
  const title = part === null ? name : `${name} · ${part}`;
  const nameOf = (line: Measured) => (tile.split === null ? name : partName(line, tile.split));
  const body = shown && { tile, measure, shown, title, nameOf };
  const form = tile.form === "line" && asTable ? "table" : tile.form;
  return (
    <section className="card tile-card" aria-label={title}>
      <header>
        <h2 title={say(indicator.rule, language)}>{title}</h2>
        <p className="tile-about t3 s1">
          {t(`range.${tile.range}`)}
          {tile.split !== null && tile.part === null && (
            <>
              <i className="dot" />
              {panel(`history.split.${tile.split}`)}
            </>
          )}
        </p>
        <span className="tile-acts row">
          {tile.form === "line" && (
            <button
              type="button"
              className="ib s"
              aria-pressed={asTable}
              aria-label={panel("as_table", { name: title })}
              title={panel("as_table", { name: title })}
              onClick={() => setAsTable((before) => !before)}
            >
              <Icon name="table" />
            </button>
          )}
          {acts}
        </span>
      </header>
      <Failed of={found} />
      {found.isPending && <i className="skeleton tile-loading" role="status" aria-label={t("loading")} />}
      {body && form === "number" && <NumberBody {...body} />}
      {body && form === "line" && <LineBody {...body} colours={colours} />}
      {body && form === "bars" && <BarsBody {...body} />}
      {body && form === "table" && <TableBody {...body} />}
    </section>
  );
}
