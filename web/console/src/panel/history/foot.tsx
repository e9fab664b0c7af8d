import type { Metric } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { dayAndTime, dayOf } from "../../lib/format";
import type { Piece } from "./model";

interface Props {
  first: Metric;
  pieces: readonly Piece[];
  /** Why some numbers have nothing to compare with. */
  alone: string;
}

/** How the numbers were counted, until when, and what they are compared with. */
export function Foot({ first, pieces, alone }: Props) {
  const { t } = useTranslation("panel");
  return (
    <p className="history-foot t3 s1">
      {t("history.definition", { version: first.definition })}
      <i className="dot" />
      {first.time_zone}
      <i className="dot" />
      {t("history.as_of", { time: dayAndTime(first.as_of, first.time_zone) })}
      {first.data_from !== null && pieces.some((piece) => !piece.known) && (
        <>
          <i className="dot" />
          {t("history.since", { day: dayOf(first.data_from, first.time_zone) })}
        </>
      )}
      {pieces.some((piece) => !piece.final) && (
        <>
          <i className="dot" />
          {t("history.provisional")}
        </>
      )}
      {first.compare && (
        <>
          <i className="dot" />
          {t("history.compared", {
            from: dayOf(first.compare.from, first.time_zone),
            to: dayOf(first.compare.to - 1, first.time_zone),
          })}
        </>
      )}
      {alone !== "" && (
        <>
          <i className="dot" />
          {alone}
        </>
      )}
    </p>
  );
}
