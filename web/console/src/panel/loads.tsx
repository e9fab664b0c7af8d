import { Link } from "@tanstack/react-router";
import type { IndicatorTarget, Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { clock, count, nothing, percent } from "../lib/format";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Door } from "./door";
import { misses } from "./model";
import { levelOf, waitTarget } from "./wall/model";

/** The load of each queue: who waits, how soon customers were answered today, and how much capacity those who serve it have. */
export function Loads({ panel, target }: { panel: Panel; target: IndicatorTarget | null }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const now = useNow();
  const rows = [...panel.queues].sort((one, other) => other.waiting - one.waiting);
  return (
    <section className="card loads" aria-labelledby="loads">
      <header>
        <h2 id="loads">{t("loads.title")}</h2>
        {target && (
          <span className="t3 s1 end">{t("loads.target", { share: percent(target.value, language, 0) })}</span>
        )}
      </header>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby="loads">
        <table aria-labelledby="loads">
          <thead>
            <tr>
              <th scope="col">{t("loads.queue")}</th>
              <th scope="col" className="r">
                {t("now.waiting")}
              </th>
              <th scope="col" className="r">
                {t("now.longest")}
              </th>
              <th scope="col" colSpan={2}>
                {t("loads.level")}
              </th>
              <th scope="col" colSpan={2}>
                {t("now.slots")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((queue) => {
              const waited = queue.longest_wait_since === null ? null : now - queue.longest_wait_since;
              const level = waited === null ? "calm" : levelOf(waited, waitTarget);
              const low = misses(queue.service_level, target);
              return (
                <tr key={queue.id}>
                  <th scope="row" dir="auto">
                    {say(queue.name, language)}
                  </th>
                  <td className="r">
                    <Link to="/inbox/queues" search={{ queue: queue.id }} className="num">
                      {count(queue.waiting, language)}
                    </Link>
                  </td>
                  <td className={level === "late" ? "r n hot" : level === "soon" ? "r n warn" : "r n"}>
                    {waited === null ? nothing : clock(waited)}
                  </td>
                  <td className="load-bar">
                    <span className="load-level" aria-hidden="true">
                      <i
                        className={low ? "load-low" : undefined}
                        style={{ inlineSize: `${(queue.service_level ?? 0) * 100}%` }}
                      />
                      {target && <u style={{ insetInlineStart: `${target.value * 100}%` }} />}
                    </span>
                  </td>
                  <td className={low ? "r n hot" : "r n"}>
                    {queue.service_level === null ? (
                      <span className="t3 s2">{t("loads.none")}</span>
                    ) : (
                      <Door
                        open="answered_in_time"
                        queue={queue.id}
                        label={`${say(queue.name, language)} ${percent(queue.service_level, language, 0)}`}
                      >
                        {percent(queue.service_level, language, 0)}
                      </Door>
                    )}
                  </td>
                  <td className="load-bar">
                    <span className="load-level load-slots" aria-hidden="true">
                      <i
                        style={{
                          inlineSize: `${queue.slots === 0 ? 0 : Math.min(1, queue.slots_used / queue.slots) * 100}%`,
                        }}
                      />
                    </span>
                  </td>
                  <td className="r n">
                    <Door open="slots" label={`${say(queue.name, language)} ${queue.slots_used} / ${queue.slots}`}>
                      {count(queue.slots_used, language)}
                    </Door>{" "}
                    / {count(queue.slots, language)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
