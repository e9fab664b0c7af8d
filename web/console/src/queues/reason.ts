import type { Conversation } from "@yingda/api/types";
import { useTranslation } from "react-i18next";

/** Says why a conversation waits. */
export function useReason() {
  const { t } = useTranslation("queues");
  return (wait: Conversation["wait"] | undefined) => (wait ? t(`reason.${wait.reason}`, { name: wait.by ?? "" }) : "");
}
