import { Popup } from "@yingda/antd";
import type { RoutingBody } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { ago } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { useKnown } from "./known";

/** The stored trace of an assignment: who could have got it, who was passed over and why, and the rule that decided. */
export function WhyMe({ routing, at, mine }: { routing: RoutingBody; at: number; mine: boolean }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const known = useKnown();
  return (
    <Popup
      label={mine ? t("why.me") : t("why.them")}
      className="why"
      trigger={(props) => (
        <button {...props} className="link">
          {mine ? t("why.me") : t("why.them")}
        </button>
      )}
    >
      {(close) => (
        <>
          <div className="row">
            <b className="grow">{known(`why.rule.${routing.rule}`, routing.rule)}</b>
            <button type="button" className="ib s" aria-label={t("close")} onClick={close}>
              <Icon name="close" />
            </button>
          </div>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("why.agent")}</th>
                <th scope="col" className="r">
                  {t("why.slots")}
                </th>
                <th scope="col" className="r">
                  {t("why.last")}
                </th>
              </tr>
            </thead>
            <tbody>
              {routing.candidates.map((one) => (
                <tr
                  key={one.agent}
                  className={one.agent === routing.chosen ? "why-chosen" : one.skipped ? "why-skipped" : undefined}
                >
                  <th scope="row">
                    {one.name}
                    {one.agent === routing.chosen && <span className="tag brand">{t("why.chosen")}</span>}
                    {one.skipped && <span className="tag">{known(`why.skipped.${one.skipped}`, one.skipped)}</span>}
                  </th>
                  <td className="r">
                    <bdi dir="ltr">
                      {one.open}/{one.capacity}
                    </bdi>
                  </td>
                  <td className="r">
                    {one.last_assigned_at === null ? t("why.never") : ago(one.last_assigned_at, at, language)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Popup>
  );
}
