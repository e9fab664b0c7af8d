import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "../../lib/choice";
import { handleOf, ofWith, type HistoryMeasure, type HistoryTable } from "./model";
import { statistics, type HistorySearch } from "./search";
import { useAddress } from "./use-address";

interface Props {
  table: HistoryTable;
  /** The number of this table that is split. */
  chosen: HistoryMeasure;
  search: HistorySearch;
  numberOf(key: string): string;
}

/** Which number tells the times, and which number is split. */
export function CardChoices({ table, chosen, search, numberOf }: Props) {
  const { t } = useTranslation("panel");
  const { replace } = useAddress();
  const id = useId();
  return (
    <>
      {table.name === "times" && (
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
            replace(({ times: _times, ...rest }) => (value === "p50" ? rest : { ...rest, times: value }))
          }
        />
      )}
      {search.split && (
        <div className="history-of s2">
          <label className="t2" htmlFor={`${id}-of`}>
            {t("history.of")}
          </label>
          <select
            id={`${id}-of`}
            className="range-select"
            value={handleOf(chosen)}
            onChange={(event) => {
              const of = ofWith(search.of, table, event.target.value);
              replace(({ of: _of, ...rest }) => (of ? { ...rest, of } : rest));
            }}
          >
            {table.measures.map((measure) => (
              <option key={measure.key} value={handleOf(measure)}>
                {numberOf(measure.key)}
              </option>
            ))}
          </select>
        </div>
      )}
    </>
  );
}
