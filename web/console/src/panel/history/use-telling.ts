import { useTranslation } from "react-i18next";
import { dayInWords } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { valueText } from "../value";
import type { Piece } from "./model";
import type { PlotProps } from "./plot-props";

export type Told = ReturnType<typeof useTelling>;

/** How a piece, what is known of it, and a value are told in words. */
export function useTelling({ zone, unit, told }: PlotProps) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const stateOf = (piece: Piece) =>
    !piece.known
      ? t("history.state.unknown")
      : piece.today
        ? t("history.state.today")
        : piece.final
          ? ""
          : t("history.state.provisional");
  const whenOf = (piece: Piece) =>
    told?.name(piece) ??
    [dayInWords(piece.from, zone, language), ...(piece.time === undefined ? [] : [piece.time])].join(" ");
  const wordsOf = (value: number | null | undefined) => told?.value(value) ?? valueText(value, unit, language);
  return { stateOf, whenOf, wordsOf };
}
