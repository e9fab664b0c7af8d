import type { ResponseTimeSeries } from "@yingda/api/types";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { count } from "../../lib/format";
import { Icon } from "../../lib/icon";
import { usePrefs } from "../../lib/prefs";
import { Table } from "../../lib/table";
import type { Column } from "../../lib/table-model";
import { HistoryPlot } from "../history/plot";
import { fineAxis } from "../history/scale";
import type { Piece } from "../history/model";
import { drawn, fineDuration, isMet, percentiles, seriesOf, type Percentile } from "./model";

interface Props {
  of: ResponseTimeSeries;
  pieces: readonly Piece[];
  zone: string;
  /** The label of a piece at the axis, and its name in full. */
  tick(piece: Piece): string;
  name(piece: Piece): string;
  asTable: boolean;
  onTable(): void;
}

/** The number of measurements and each percentile, piece by piece. */
function TimesTable({ of, pieces, name, title }: Pick<Props, "of" | "pieces" | "name"> & { title: string }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  // A piece has its values where it stands among the pieces.
  const rows = pieces.map((piece, index) => ({ piece, values: of.points[index]?.values }));
  type Row = (typeof rows)[number];
  const columns: readonly Column<Row>[] = [
    { id: "time", title: t("responses.time"), isHeading: true, cell: ({ piece }) => name(piece) },
    {
      id: "count",
      title: t("responses.count"),
      align: "end",
      cell: ({ values }) => count(values?.count, language),
    },
    ...percentiles.map(
      (percentile): Column<Row> => ({
        id: percentile,
        title: t(`responses.${percentile}`),
        align: "end",
        cell: ({ values }) => fineDuration(values?.[`${percentile}_ms`], language),
      }),
    ),
  ];
  return (
    <Table
      label={title}
      form="values"
      className="plot-table history-table"
      columns={columns}
      rows={rows}
      keyOf={({ piece }) => String(piece.from)}
    />
  );
}

/** What was measured in one place: its 95th percentile beside the target, and how it developed, as a drawing or as a table. */
export function TimesCard({ of, pieces, zone, tick, name, asTable, onTable }: Props) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const title = t(`responses.${of.kind}`);
  const met = isMet(of);
  const told = (ms: number | null | undefined) => fineDuration(ms, language);
  const percentileOf = (percentile: Percentile) => t(`responses.${percentile}`);
  const target = t("responses.target", { target: told(of.target_ms) });
  const telling = useMemo(
    () => ({
      value: (ms: number | null | undefined) => fineDuration(ms, language),
      tick,
      name,
      target,
      axis: fineAxis,
    }),
    [tick, name, target, language],
  );
  const series = useMemo(() => seriesOf(of, (percentile) => t(`responses.${percentile}`)), [of, t]);
  const aim = useMemo(() => ({ direction: "at_most" as const, value: of.target_ms }), [of.target_ms]);
  return (
    <section className="card history-card times-card" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="end t3 s1">{!asTable && t("history.scale")}</span>
        <button
          type="button"
          className="ib s"
          aria-pressed={asTable}
          aria-label={t("as_table", { name: title })}
          title={t("as_table", { name: title })}
          onClick={onTable}
        >
          <Icon name="table" />
        </button>
      </header>
      <div className="history-side">
        <dl className="times-tile">
          <dt className="t2 s2">{t("responses.p95.what")}</dt>
          <dd>
            <b className={met === false ? "hot" : undefined}>{told(of.total.p95_ms)}</b>
            <span className="t3 s1">
              {target}
              {met !== null && (
                <>
                  <i className="dot" />
                  {t(met ? "responses.met" : "responses.missed")}
                </>
              )}
            </span>
          </dd>
        </dl>
        <p className="times-what t3 s1">{t(`responses.${of.kind}.what`)}</p>
        <ul className="history-totals" aria-label={t("responses.totals", { name: title })}>
          {drawn.map((percentile, index) => (
            <li key={percentile} className="history-total">
              <i className={`swatch swatch-${index + 1}`} />
              <span className="grow">{percentileOf(percentile)}</span>
              <span className="history-sum n">{told(of.total[`${percentile}_ms`])}</span>
            </li>
          ))}
          <li className="history-total">
            <i className="swatch swatch-none" />
            <span className="grow">{t("responses.count")}</span>
            <span className="history-sum n">{count(of.total.count, language)}</span>
          </li>
        </ul>
      </div>
      {asTable ? (
        <TimesTable of={of} pieces={pieces} name={name} title={title} />
      ) : (
        <HistoryPlot
          label={t("responses.plot", { name: title })}
          series={series}
          pieces={pieces}
          shape="lines"
          unit="ms"
          target={aim}
          zone={zone}
          told={telling}
        />
      )}
    </section>
  );
}
