import { Tooltip } from "@yingda/antd";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { percent } from "../../lib/format";
import { usePrefs } from "../../lib/prefs";
import { Change } from "../change";
import type { Measure } from "../model";
import { valueText } from "../value";
import { canAdd, door, tones, type Measured } from "./model";
import type { HistorySearch } from "./search";

interface TotalProps {
  line: Measured;
  /** Whether the chart has numbers to compare with. */
  compared: boolean;
  /** Whether a rise is good. */
  rise: Measure["rise"];
  /** Why this number has none. */
  alone: string;
  /** Its colour; null if it is not drawn by itself. */
  tone: number | null;
  name: string;
  rule: ReactNode;
  hidden: boolean;
  whole: { from: number; to: number };
  onToggle(): void;
}

/** A number of a chart over all days, with its change; it also shows and hides its line. */
export function Total({ line, compared, rise, alone, tone, name, rule, hidden, whole, onToggle }: TotalProps) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const { unit } = line.measure;
  const value = valueText(line.total, unit, language);
  const others = t(canAdd(unit) ? "history.others" : "history.undrawn");
  return (
    <li className={hidden ? "history-total history-hidden" : "history-total"}>
      {tone === null ? (
        <span className="ib s" role="img" aria-label={others} title={others}>
          <i className={canAdd(unit) ? `swatch swatch-${tones}` : "swatch swatch-none"} />
        </span>
      ) : (
        <button
          type="button"
          className="ib s"
          aria-pressed={!hidden}
          aria-label={t("history.draw", { name })}
          title={t("history.draw", { name })}
          onClick={onToggle}
        >
          <i className={`swatch swatch-${tone}`} />
        </button>
      )}
      <Tooltip title={rule} trigger={["hover", "focus"]} mouseEnterDelay={0.3} destroyOnHidden>
        <button type="button" className="definition grow">
          {name}
        </button>
      </Tooltip>
      <span className="history-sum">
        {line.total === null || (line.values.length > 0 && line.values.every((value) => value === null)) ? (
          <span className="t3">{t("nothing")}</span>
        ) : (
          <Link
            to="/reports/history"
            search={(now) => ({ ...(now as HistorySearch), ...door(line, whole) })}
            className="num"
            activeProps={{}}
            aria-current={undefined}
            aria-label={`${name} ${value}`}
          >
            {value}
          </Link>
        )}
        {line.measure.ratio && line.part === undefined && (
          <span className="t3 s2"> {percent(line.ratio, language)}</span>
        )}
      </span>
      {compared && (
        <span className={`history-change history-change-${unit} s2`}>
          <Change measure={{ rise, unit }} now={line.total} before={line.totalBefore} alone={alone} />
        </span>
      )}
    </li>
  );
}
