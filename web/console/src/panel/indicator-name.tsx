import { Tooltip } from "@yingda/antd";
import type { Indicator } from "@yingda/api/types";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";

/** The name of an indicator, which says its rule when it is pointed at. */
export function IndicatorName({
  indicator,
  words,
}: {
  indicator: Indicator | undefined;
  /** A text that replaces its own name. */
  words?: string;
}) {
  const { language } = usePrefs();
  if (!indicator) return <span>{words}</span>;
  return (
    <Tooltip title={say(indicator.rule, language)} trigger={["hover", "focus"]} mouseEnterDelay={0.3} destroyOnHidden>
      <button type="button" className="definition">
        {words ?? say(indicator.name, language)}
      </button>
    </Tooltip>
  );
}
