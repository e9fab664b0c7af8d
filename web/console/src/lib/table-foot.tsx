import { Button } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { Confirm } from "./confirm";
import type { Act } from "./row-acts";
import type { Selection } from "./table-model";

interface ChosenProps<Row> {
  rows: readonly Row[];
  keyOf(row: Row): string;
  selection: Selection<Row>;
  acts(rows: readonly Row[]): readonly Act[];
}

/** What can be done with the chosen rows, below them: nothing moves when the first one is chosen. */
export function TableChosen<Row>({ rows, keyOf, selection, acts }: ChosenProps<Row>) {
  const { t } = useTranslation("kit");
  const chosen = rows.filter((row) => selection.chosen.has(keyOf(row)));
  if (chosen.length === 0) return null;
  const told = t("table.chosen", { count: chosen.length });
  return (
    <div className="table-chosen" role="group" aria-label={told}>
      <b className="grow" role="status">
        {told}
      </b>
      {acts(chosen).map((act) =>
        act.asks ? (
          <Confirm
            key={act.word}
            {...act.asks}
            label={act.label}
            act={act.word}
            disabled={act.disabled ?? false}
            onConfirm={act.run}
          >
            {act.word}
          </Confirm>
        ) : (
          <Button key={act.word} size="small" aria-label={act.label} disabled={act.disabled} onClick={act.run}>
            {act.word}
          </Button>
        ),
      )}
      <Button size="small" type="text" onClick={() => selection.onChange(new Set())}>
        {t("table.choose_none")}
      </Button>
    </div>
  );
}

interface MoreProps {
  /** How many rows are shown, */
  limit: number;
  /** how many there are, */
  all: number;
  /** and how many more a press shows. */
  pageSize: number;
  onLimit(limit: number): void;
}

/** Shows more rows of a complete list, or all of them. */
export function TableMore({ limit, all, pageSize, onLimit }: MoreProps) {
  const { t } = useTranslation("kit");
  return (
    <div className="list-more">
      <span className="row wrap">
        {all - limit > pageSize && <Button onClick={() => onLimit(limit + pageSize)}>{t("more")}</Button>}
        <Button onClick={() => onLimit(Infinity)}>{t("table.all", { count: all })}</Button>
      </span>
    </div>
  );
}
