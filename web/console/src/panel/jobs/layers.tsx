import type { WarehouseJobs } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { count, duration, nothing } from "../../lib/format";
import { Icon } from "../../lib/icon";
import { usePrefs } from "../../lib/prefs";

/** Which layer feeds which, with how much each has of the day that was checked last, and how far it is behind. */
export function Layers({ of: { layers } }: { of: WarehouseJobs }) {
  const { t } = useTranslation("jobs");
  const { language } = usePrefs();
  return (
    <section className="card jobs-card" aria-label={t("layers")}>
      <h2>{t("layers")}</h2>
      <p className="s1 t3">{t("layers.what")}</p>
      <ol className="jobs-layers">
        {layers.map(({ layer, fed_by, count: amount, lag_ms }) => (
          <li key={layer}>
            {fed_by !== null && <Icon name="right" />}
            <div className="jobs-layer">
              <b>{t(`layer.${layer}`)}</b>
              <span className="s1 t3">{t(`layer.${layer}.what`)}</span>
              {fed_by !== null && <span className="sr">{t("layer.fed_by", { name: t(`layer.${fed_by}`) })}</span>}
              <span className="n">{layer === "panels" ? nothing : count(amount, language)}</span>
              <span className="s1 t3">
                {layer === "journal"
                  ? t("lag.source")
                  : lag_ms < 1000
                    ? t("lag.none")
                    : t("lag", { time: duration(lag_ms, language) })}
              </span>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
