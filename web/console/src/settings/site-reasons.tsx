import { Button } from "@yingda/antd";
import { newId } from "@yingda/api/ids";
import { useTranslation } from "react-i18next";
import { BilingualField } from "../lib/bilingual";
import type { SiteEditor } from "./use-site-editor";

/** The most reasons that a site offers. */
const MOST = 16;

/** What customers of a site can choose to say why they rate as they do: with good ratings, and with the other ones. */
export function SiteReasons({ editor: { fields, set, faults } }: { editor: SiteEditor }) {
  const { t } = useTranslation("settings");
  const all = fields.rating_reasons;
  const change = (rating_reasons: typeof all) => set({ rating_reasons });
  return ([true, false] as const).map((isPraise) => {
    const word = t(isPraise ? "reason.good" : "reason.other");
    const shown = all.flatMap((one, at) => (one.is_praise === isPraise ? [{ one, at }] : []));
    return (
      <fieldset key={`${isPraise}`} className="settings-form">
        <legend className="t2 s2">{t(isPraise ? "reasons.good" : "reasons.other")}</legend>
        {shown.length === 0 && <p className="s2 t3">{t("reasons.none")}</p>}
        {shown.map(({ one, at }, n) => {
          const label = `${word} ${n + 1}`;
          return (
            <div key={one.id} className="settings-form" role="group" aria-label={label}>
              <BilingualField
                label={label}
                name={`rating_reasons.${at}.name`}
                value={one.name}
                faults={faults}
                max={30}
                onChange={(name) => change(all.map((each) => (each.id === one.id ? { ...each, name } : each)))}
              />
              <div>
                <Button
                  size="small"
                  aria-label={t("skill.remove", { name: label })}
                  onClick={() => change(all.filter(({ id }) => id !== one.id))}
                >
                  {t("skill.take_out")}
                </Button>
              </div>
            </div>
          );
        })}
        {all.length < MOST && (
          <div>
            <Button
              size="small"
              aria-label={t("reasons.add", { what: word })}
              onClick={() => change([...all, { id: newId("rsn"), name: { zh: "", en: "" }, is_praise: isPraise }])}
            >
              {t("reasons.add.word")}
            </Button>
          </div>
        )}
      </fieldset>
    );
  });
}
