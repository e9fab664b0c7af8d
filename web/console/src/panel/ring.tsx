import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { percent } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import type { PanelWindow } from "./search";
import { arcsOf, type Arc } from "./model";

const radius = 58;
const turn = 2 * Math.PI * radius;

function dash({ from, to }: Arc) {
  return { strokeDasharray: `${(to - from) * turn} ${turn}`, strokeDashoffset: -from * turn };
}

/** The good, fair and poor ratings; an outline while there are none. */
export function Ring({
  parts,
  goodRatio,
  window,
  children,
}: {
  parts: readonly number[];
  goodRatio: number | null;
  window: PanelWindow;
  children?: ReactNode;
}) {
  const { t } = useTranslation("panel");
  const { language } = usePrefs();
  const arcs = arcsOf(parts);
  return (
    <div className="ring">
      <svg
        viewBox="0 0 140 140"
        role="img"
        aria-label={arcs ? t("ring.words", { share: percent(goodRatio, language) }) : t(`ring.none.${window}`)}
      >
        {arcs === null ? (
          <circle className="ring-outline" cx="70" cy="70" r={radius} />
        ) : (
          arcs.map((arc, index) =>
            parts[index] === 0 ? null : (
              <circle
                key={index}
                className={`ring-part ring-part-${index + 1}`}
                cx="70"
                cy="70"
                r={radius}
                transform="rotate(-90 70 70)"
                {...dash(arc)}
              />
            ),
          )
        )}
      </svg>
      <div className="ring-middle" aria-hidden="true">
        {arcs === null ? (
          <span className="t3 s2">{t(`ring.none.${window}`)}</span>
        ) : (
          <>
            <b>{percent(goodRatio, language)}</b>
            <span className="t2 s2">{t("ring.good")}</span>
          </>
        )}
      </div>
      {children}
    </div>
  );
}
