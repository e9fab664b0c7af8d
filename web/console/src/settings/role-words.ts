import type { Grant, Permission, Reach } from "@yingda/api/types";
import { useTranslation } from "react-i18next";

/** Says what a permission with its reaches allows. */
export function useGrantWords(): (grant: Grant) => string {
  const { t } = useTranslation("settings");
  const reachWords = useReachWords();
  return ({ permission, reach }) => {
    const what = t(`permission.${permission as Permission}`);
    const isPlain = permission !== "desk" && permission !== "conversations.read" && !permission.startsWith("people.");
    return isPlain ? what : t("role.grant", { what, reach: reachWords(reach) });
  };
}

/** Says whom or what reaches cover. */
export function useReachWords(): (reach: readonly Reach[]) => string {
  const { t } = useTranslation("settings");
  return (reach) =>
    reach.includes("company") ? t("reach.company") : reach.map((one) => t(`reach.${one}`)).join(t("list.comma"));
}
