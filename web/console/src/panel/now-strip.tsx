import type { IndicatorTarget, Panel } from "@yingda/api/types";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { clock, count, nothing, percent } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { Door } from "./door";
import { misses } from "./model";
import { levelOf, staffAlarm, waitTarget, type Alarm } from "./wall/model";

const tone: Record<Alarm, "hot" | "warn" | undefined> = { calm: undefined, soon: "warn", late: "hot" };

function Now({ name, className, children }: { name: string; className?: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={className}>{children}</dd>
    </div>
  );
}

/** What is going on at this moment. What needs somebody to act is marked here when it is on the wall. */
export function NowStrip({ panel, target }: { panel: Panel; target: IndicatorTarget | null }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const now = useNow();
  const { now: state, today } = panel;
  const waited = state.longest_wait_since === null ? null : now - state.longest_wait_since;
  const wait = tone[waited === null ? "calm" : levelOf(waited, waitTarget)];
  const staff = tone[staffAlarm(state.agents_available, state.agents_online, state.waiting)];
  const level = today.service_level;
  return (
    <section className="card now-strip" aria-label={t("now.label")}>
      <dl>
        <Now name={t("now.waiting")}>
          <Door open="waiting" className={wait === "hot" ? wait : undefined}>
            {count(state.waiting, language)}
          </Door>
        </Now>
        <Now name={t("now.longest")}>
          {waited === null ? (
            t("now.nobody")
          ) : (
            <Door open="waiting" className={wait}>
              {clock(waited)}
            </Door>
          )}
        </Now>
        <Now name={t("sign.service_level")}>
          {level === null ? (
            <span className="t3">{nothing}</span>
          ) : (
            <Door open="answered_in_time" className={misses(level, target) ? "hot" : undefined}>
              {percent(level, language, 0)}
            </Door>
          )}
        </Now>
        <Now name={t("now.active")}>
          <Door open="active">{count(state.active, language)}</Door>
        </Now>
        <Now name={t("now.bot")} className="botc">
          <Door open="bot">{count(state.bot, language)}</Door>
        </Now>
        <Now name={t("now.agents")}>
          <Door open="free" className={staff} label={t("now.free_door", { count: state.agents_available })}>
            {count(state.agents_available, language)}
          </Door>
          <span className="s2 plain">
            {" / "}
            <Door open="agents" label={t("now.shift_door", { count: state.agents_online })}>
              {count(state.agents_online, language)}
            </Door>
          </span>
        </Now>
        <Now name={t("now.slots")}>
          <Door open="slots" label={t("now.slots_door", { used: state.slots_used, slots: state.slots })}>
            {count(state.slots_used, language)}
          </Door>
          <span className="t3 s2 plain"> / {count(state.slots, language)}</span>
        </Now>
        <Now name={t("now.visitors")}>{count(state.visitors_online, language)}</Now>
      </dl>
    </section>
  );
}
