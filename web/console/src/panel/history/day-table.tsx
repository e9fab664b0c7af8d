import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePrefs } from "../../lib/prefs";
import { Table } from "../../lib/table";
import type { Column } from "../../lib/table-model";
import { valueText } from "../value";
import { door, type Measured, type Piece } from "./model";
import type { HistorySearch } from "./search";

interface Props {
  title: string;
  lines: readonly Measured[];
  pieces: readonly Piece[];
  nameOf(line: Measured): string;
}

/** The values of a chart as a table: a row for each day, a column for each line. */
export function DayTable({ title, lines, pieces, nameOf }: Props) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  // A piece has its value where it stands among the pieces.
  const rows = pieces.map((piece, index) => ({ piece, index }));
  const columns: readonly Column<(typeof rows)[number]>[] = [
    { id: "day", title: t("history.day"), isHeading: true, cell: ({ piece }) => piece.day },
    ...lines.map(
      (line): Column<(typeof rows)[number]> => ({
        id: line.id,
        title: nameOf(line),
        align: "end",
        cell: ({ piece, index }) =>
          !piece.known || (line.values[index] ?? null) === null ? (
            <span className="t3">{t("nothing")}</span>
          ) : (
            <Link
              to="/reports/history"
              search={(now) => ({ ...(now as HistorySearch), ...door(line, piece) })}
              className="num"
              activeProps={{}}
              aria-current={undefined}
            >
              {valueText(line.values[index], line.measure.unit, language)}
            </Link>
          ),
      }),
    ),
    {
      id: "state",
      title: t("history.state"),
      className: "t3",
      cell: ({ piece }) =>
        !piece.known
          ? t("history.state.unknown")
          : piece.today
            ? t("history.state.today")
            : piece.final
              ? t("history.state.final")
              : t("history.state.provisional"),
    },
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
