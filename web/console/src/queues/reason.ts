import type { Conversation } from "@yingda/api/types";
import { useTranslation } from "react-i18next";

/** Says why a conversation waits. A person whom the bot called in case of danger was not asked for. */
export function useReason() {
  const { t } = useTranslation("queues");
  return (wait: Conversation["wait"] | undefined) => {
    if (!wait) return "";
    const called = wait.why === "danger" && (wait.reason === "words" || wait.reason === "button");
    return called ? t("reason.danger") : t(`reason.${wait.reason}`, { name: wait.by ?? "" });
  };
}
