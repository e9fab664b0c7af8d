import { useTranslation } from "react-i18next";
import { change as inPercents, count, duration, minus, signed } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { changeOf, type Measure } from "./model";

interface ChangeProps {
  measure: Pick<Measure, "rise" | "unit">;
  now: number | null;
  before: number | null;
  /** Why there is nothing to compare with, if the reader may wonder. */
  alone?: string;
}

/** By how much a number differs from the one it is compared with; a dash if there is nothing to compare. */
export function Change({ measure, now, before, alone = "" }: ChangeProps) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const change = changeOf(now, before, measure.rise, measure.unit);
  if (!change)
    return (
      <span className="t3" title={alone || undefined}>
        {t("nothing")}
        {alone && <span className="sr"> {alone}</span>}
      </span>
    );
  const { as, amount, direction, tone } = change;
  if (direction === "same")
    return <span className="t3">{as === "share" ? inPercents(0, language) : t("change.same")}</span>;
  const difference = {
    count: () => signed(amount, language),
    ms: () => `${amount > 0 ? "+" : minus}${duration(Math.abs(amount), language)}`,
    mean: () => signed(Math.round(amount * 100) / 100, language),
    ratio: () => t("change.points", { points: signed(Math.round(amount * 1000) / 10, language) }),
  };
  const words =
    as === "difference"
      ? difference[measure.unit]()
      : as === "times"
        ? t("change.times", { times: count(Math.round(amount), language) })
        : inPercents(Math.abs(amount), language);
  return (
    <bdi dir="ltr" className={tone === "plain" ? "t3" : tone}>
      {as !== "difference" && <span aria-hidden="true">{direction === "up" ? "↑" : "↓"} </span>}
      <span className="sr">{t(`change.${direction}`)} </span>
      {words}
    </bdi>
  );
}
