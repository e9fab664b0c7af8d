import { Popup } from "@yingda/antd";
import type { RoutingBody } from "@yingda/api/types";
import { Suspense } from "react";
import { partOf } from "../lib/parts";
import { useTranslation } from "react-i18next";

const WhyTable = partOf(async () => (await import("./why-table")).WhyTable);

/** The stored trace of an assignment: who could have got it, who was passed over and why, and the rule that decided. */
export function WhyMe({ routing, at, mine }: { routing: RoutingBody; at: number; mine: boolean }) {
  const { t } = useTranslation("desk");
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
        <Suspense>
          <WhyTable routing={routing} at={at} close={close} />
        </Suspense>
      )}
    </Popup>
  );
}
