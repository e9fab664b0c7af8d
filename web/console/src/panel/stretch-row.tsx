import type { Stretch } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime, duration } from "../lib/format";
import { initial } from "../lib/people";
import { usePrefs } from "../lib/prefs";

/** A stretch at work in the list behind a number: who, in which state, for how long, and with how many conversations. */
export function StretchRow({ stretch, at, zone }: { stretch: Stretch; at: number; zone: string }) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const name = stretch.name ?? stretch.agent;
  return (
    <span className="behind-row">
      <span className="av sm" aria-hidden="true">
        {initial(name)}
      </span>
      <span className="grow">
        <span className="row">
          <b className="el" dir="auto">
            {name}
          </b>
          <span className={stretch.state === "available" ? "tag ok" : "tag warn"}>{t(`agents.${stretch.state}`)}</span>
          <time className="end s1 t3">{dayAndTime(at, zone)}</time>
        </span>
        <span className="t2 s2">
          {stretch.conversations === 0
            ? t("behind.stretch_none")
            : t("behind.stretch", { count: stretch.conversations })}{" "}
          · {duration(stretch.ms, language)}
        </span>
      </span>
    </span>
  );
}
