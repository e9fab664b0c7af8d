import type { Panel } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { useNow } from "../lib/clock";
import { clock, count } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { urgency } from "../live/lists";
import { Door } from "./door";

/** What is going on at this moment. */
export function NowStrip({ panel }: { panel: Panel }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const now = useNow();
  const { now: state } = panel;
  const waited = state.longest_wait_since === null ? null : now - state.longest_wait_since;
  const level = waited === null ? "calm" : urgency(waited);
  return (
    <section className="card now-strip" aria-label={t("now.label")}>
      <dl>
        <div>
          <dt>{t("now.waiting")}</dt>
          <dd>
            <Door open="waiting" className={level === "late" ? "hot" : undefined}>
              {count(state.waiting, language)}
            </Door>
          </dd>
        </div>
        <div>
          <dt>{t("now.longest")}</dt>
          <dd className={level === "late" ? "hot" : level === "soon" ? "warn" : undefined}>
            {waited === null ? t("now.nobody") : <Door open="waiting">{clock(waited)}</Door>}
          </dd>
        </div>
        <div>
          <dt>{t("now.active")}</dt>
          <dd>
            <Door open="active">{count(state.active, language)}</Door>
          </dd>
        </div>
        <div>
          <dt>{t("now.bot")}</dt>
          <dd className="botc">
            <Door open="bot">{count(state.bot, language)}</Door>
          </dd>
        </div>
        <div>
          <dt>{t("now.agents")}</dt>
          <dd>
            <Door open="agents">{count(state.agents_available, language)}</Door>
            <span className="t3 s2 plain"> / {count(state.agents_online, language)}</span>
          </dd>
        </div>
        <div>
          <dt>{t("now.slots")}</dt>
          <dd>
            <Door open="agents" label={t("now.slots_door", { used: state.slots_used, slots: state.slots })}>
              {count(state.slots_used, language)}
            </Door>
            <span className="t3 s2 plain"> / {count(state.slots, language)}</span>
          </dd>
        </div>
        <div>
          <dt>{t("now.visitors")}</dt>
          <dd>{count(state.visitors_online, language)}</dd>
        </div>
      </dl>
    </section>
  );
}
