import { Button } from "@yingda/antd";
import type { ConversationView } from "@yingda/api/conversation";
import type { Entry } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { useLive } from "../live/context";

/** Whether somebody in the conversation may be in danger and nobody of the staff has acknowledged that, or written. */
export function isAlerted(entries: readonly Entry[]): boolean {
  const at = entries.findLastIndex((entry) => entry.kind === "alerted");
  return (
    at !== -1 &&
    !entries
      .slice(at)
      .some((entry) => entry.kind === "alert_acknowledged" || (entry.kind === "message" && entry.by.kind === "agent"))
  );
}

/** Above a conversation in which somebody may be in danger: what to do, and the button that says that somebody has seen it. */
export function AlertStrip({ id, view }: { id: string; view: ConversationView }) {
  const { t } = useTranslation("desk");
  const live = useLive();
  if (!isAlerted(view.entries)) return null;
  return (
    <div className="notice hot alert-strip" role="alert">
      <Icon name="alert" />
      <span className="grow">{t("alert.here")}</span>
      <Button size="small" onClick={() => live.send(id, { type: "acknowledge_alert" })}>
        {t("alert.acknowledge")}
      </Button>
    </div>
  );
}
