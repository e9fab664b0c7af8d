import type { Indicator, Metric } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime, percent } from "../../lib/format";
import { say } from "../../lib/i18n";
import { usePrefs } from "../../lib/prefs";
import { riseOf, type MetricKey } from "../model";
import { valueText } from "../value";
import { CardChoices } from "./card-choices";
import { CardHead } from "./card-head";
import { DayTable } from "./day-table";
import {
  apartOf,
  canAdd,
  chosenOf,
  door,
  drawnOf,
  shapeOf,
  unitOf,
  type Chart,
  type Measured,
  type Piece,
  type Tones,
} from "./model";
import { usePartName } from "./names";
import { HistoryPlot } from "./plot";
import type { HistorySearch } from "./search";
import { Total } from "./total";
import { useAddress } from "./use-address";
import { usePicture } from "./use-picture";

interface CardProps {
  chart: Chart;
  first: Metric;
  pieces: readonly Piece[];
  names: ReadonlyMap<string, Indicator>;
  search: HistorySearch;
  range: string;
  /** Why some numbers have nothing to compare with. */
  alone: string;
  /** The colours of the parts, the same in all charts of the page. */
  colours?: Tones;
}

/** A chart with its totals and its change, as a drawing or as a table. */
export function ChartCard({ chart, first, pieces, names, search, range, alone, colours }: CardProps) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const { push, replace } = useAddress();
  const hidden = new Set((search.hide ?? "").split(",").filter((key) => key !== ""));
  const numberOf = (key: string) => say(names.get(key)?.name, language) || key;
  const partName = usePartName();
  const nameOf = (line: Measured) =>
    line.part === undefined || !search.split ? numberOf(line.measure.key) : partName(line, search.split);
  const unit = unitOf(chart.table);
  const all = canAdd(unit)
    ? drawnOf(chart.lines, nameOf, t("history.others"), colours)
    : apartOf(chart.lines, nameOf, hidden, colours);
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
  const toggle = (key: string) => {
    const next = hidden.has(key) ? [...hidden].filter((one) => one !== key) : [...hidden, key];
    replace(({ hide: _hide, ...rest }) => (next.length === 0 ? rest : { ...rest, hide: next.join(",") }));
  };
  const captionsOf = () => ({
    title: `${t("history.title")} · ${subject}`,
    range: unit === "ms" ? `${range} · ${t("history.scale")}` : range,
    foot: `${t("history.definition", { version: first.definition })} · ${first.time_zone} · ${t("history.as_of", { time: dayAndTime(first.as_of, first.time_zone) })}`,
    legend: shown.map((one) => ({
      name: one.name,
      value: valueText(
        one.line ? one.line.total : one.values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
        unit,
        language,
      ),
      tone: one.tone,
    })),
  });
  const { drawing, saving, save } = usePicture(
    `yingda-${split ? `${chosen.key}-${split}` : chart.table.name}-${pieces[0]?.day}-${pieces[pieces.length - 1]?.day}.png`,
    captionsOf,
  );
  return (
    <section className="card history-card" aria-label={title}>
      <CardHead
        title={title}
        search={search}
        isTime={unit === "ms"}
        hasBand={shown.some((one) => one.band)}
        saving={saving}
        onSave={save}
      />
      <div className="history-side">
        <CardChoices table={chart.table} chosen={chosen} search={search} numberOf={numberOf} />
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
            const { line } = one;
            if (line) push((now) => ({ ...now, ...door(line, piece) }));
          }}
        />
      )}
    </section>
  );
}
