import type { Spell } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime, duration } from "../lib/format";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";

/** A spell at work in the list behind a number: who, in which state, for how long, and with how many conversations. */
export function SpellRow({ spell, at, zone }: { spell: Spell; at: number; zone: string }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const name = spell.name ?? spell.agent;
  return (
    <span className="behind-row">
      <span className="av sm" aria-hidden="true">
        {initial(name)}
      </span>
      <span className="grow">
        <span className="row">
          <b className="el">{name}</b>
          <span className={spell.state === "available" ? "tag ok" : "tag warn"}>{t(`agents.${spell.state}`)}</span>
          <time className="end s1 t3">{dayAndTime(at, zone)}</time>
        </span>
        <span className="t2 s2">
          {spell.conversations === 0 ? t("behind.spell_none") : t("behind.spell", { count: spell.conversations })} ·{" "}
          {duration(spell.ms, language)}
        </span>
      </span>
    </span>
  );
}
