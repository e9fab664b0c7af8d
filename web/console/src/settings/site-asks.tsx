import { Button } from "@yingda/antd";
import { useTranslation } from "react-i18next";
import { say } from "../lib/i18n";
import { usePrefs } from "../lib/prefs";
import { Switched } from "../lib/switched";
import { useKindNames } from "./question-kinds";
import type { SiteEditor } from "./use-site-editor";

/** What customers of a site are asked before a person is asked for: among which kinds of question they choose, in which order, and whether they may skip it. */
export function SiteAsks({ editor: { fields, set, faults } }: { editor: SiteEditor }) {
  const { t } = useTranslation("settings");
  const { language } = usePrefs();
  const { all, nameOf } = useKindNames();
  const asks = fields.asks_about;
  const change = (part: Partial<typeof asks>) => set({ asks_about: { ...asks, ...part } }, "asks_about.questions");
  const left = all.filter((one) => one.archived_at === null && !asks.questions.includes(one.id));
  const up = (at: number) => {
    const next = [...asks.questions];
    next.splice(at - 1, 0, ...next.splice(at, 1));
    change({ questions: next });
  };
  return (
    <>
      <Switched label={t("asks.on")} hint={t("asks.on.hint")} value={asks.on} onChange={(on) => change({ on })} />
      {asks.on && (
        <fieldset className="settings-form">
          <legend className="t2 s2">{t("asks.questions")}</legend>
          {all.length === 0 && <p className="s2 t3">{t("questions.none")}</p>}
          <ol>
            {asks.questions.map((id, n) => (
              <li key={id} className="row wrap">
                <bdi className="grow">{nameOf(id)}</bdi>
                {n > 0 && (
                  <Button size="small" aria-label={t("asks.up", { name: nameOf(id) })} onClick={() => up(n)}>
                    {t("asks.up.word")}
                  </Button>
                )}
                <Button
                  size="small"
                  aria-label={t("skill.remove", { name: nameOf(id) })}
                  onClick={() => change({ questions: asks.questions.filter((one) => one !== id) })}
                >
                  {t("skill.take_out")}
                </Button>
              </li>
            ))}
          </ol>
          {left.length > 0 && (
            <select
              aria-label={t("asks.add")}
              value=""
              onChange={(event) =>
                event.target.value !== "" && change({ questions: [...asks.questions, event.target.value] })
              }
            >
              <option value="">{t("asks.add")}</option>
              {left.map((one) => (
                <option key={one.id} value={one.id}>
                  {say(one.name, language)}
                </option>
              ))}
            </select>
          )}
          {faults["asks_about.questions"] && (
            <p className="field-words field-error">{faults["asks_about.questions"]}</p>
          )}
          <Switched
            label={t("asks.may_skip")}
            hint={t("asks.may_skip.hint")}
            value={asks.may_skip}
            onChange={(may_skip) => change({ may_skip })}
          />
        </fieldset>
      )}
    </>
  );
}
