import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePrefs } from "../../lib/prefs";
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
  return (
    <div className="plot-table history-table scroll" tabIndex={0} role="group" aria-label={title}>
      <table className="values">
        <thead>
          <tr>
            <th scope="col">{t("history.day")}</th>
            {lines.map((line) => (
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
              {lines.map((line) => (
                <td key={line.id} className="r">
                  {!piece.known || (line.values[index] ?? null) === null ? (
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
  );
}
