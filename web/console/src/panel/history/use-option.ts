import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { percent } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { useStillness, type Inks } from "../chart/inks";
import { optionOf } from "../chart/option";
import { valueText } from "../value";
import { ticksOf, type HistorySeries } from "./model";
import { limitsOf, type PlotProps } from "./plot-props";
import type { Frame } from "./use-frame";

/** What the library that draws charts is told; `around` is the series whose band is drawn. */
export function useOption(
  { series, pieces, shape, unit, target, told }: PlotProps,
  { left, right, top, bottom, width, height, size, steps, share }: Frame,
  around: HistorySeries | null,
  inks: Inks,
) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const still = useStillness();
  return useMemo(() => {
    const uncounted = pieces.filter((one) => !one.known).length;
    const begins = pieces[uncounted];
    const wide = (right - left) / Math.max(1, pieces.length);
    return optionOf({
      series,
      places: pieces.map((one) => ({
        label: told?.tick(one) ?? one.time ?? one.day.slice(5),
        final: one.final,
        hatched: one.today || !one.known,
      })),
      shape,
      frame: { left, right, top, bottom, width, height },
      steps: steps.map((value) => ({ value, words: told?.value(value) ?? valueText(value, unit, language) })),
      share,
      ticks: ticksOf(pieces.length, (right - left) / (3.4 * size)),
      dotted: wide > 0.75 * size,
      target: target && {
        value: target.value,
        number: told?.value(target.value) ?? percent(target.value, language),
        words:
          told?.target ??
          t("history.target", {
            target: t(`target.${target.direction}`, { share: percent(target.value, language) }),
          }),
      },
      band: around && { tone: around.tone, limits: limitsOf(around) },
      note:
        begins && uncounted * wide > 7 * size
          ? { places: uncounted, words: t("history.since", { day: begins.day.slice(5) }) }
          : null,
      inks,
      still,
    });
  }, [
    series,
    pieces,
    shape,
    left,
    right,
    top,
    bottom,
    width,
    height,
    steps,
    share,
    unit,
    language,
    size,
    target,
    told,
    around,
    inks,
    still,
    t,
  ]);
}
