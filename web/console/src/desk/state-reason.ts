import type { Me } from "@yingda/api/types";
import { useTranslation } from "react-i18next";

/** The reason of a break that began by itself. Any other reason is in somebody's words. */
const missedOffers = "missed_offers";

/** Why somebody is in a state, in words; empty if nothing is known. `by` is who put them into it, if it was not they themselves. */
export function useStateReason(): (reason: Me["state_reason"] | undefined, by: string | null | undefined) => string {
  const { t } = useTranslation("desk");
  return (reason, by) => {
    if (!reason) return "";
    if (by) return t("state.set_by", { name: by, reason });
    return reason === missedOffers ? t("state.missed") : reason;
  };
}
