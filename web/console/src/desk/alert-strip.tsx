import { Button } from "@yingda/antd";
import type { ConversationView } from "@yingda/api/conversation";
import { isUndo, ownerOf } from "@yingda/api/kinds";
import type { Entry } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { useLive } from "../live/context";
import { those } from "../live/those";

/** Whether an entry is an alert. */
export const isAlert = (entry: Entry): entry is Extract<Entry, { kind: "alerted" }> => entry.kind === "alerted";

/** The place of the last alert among consecutive entries; -1 if there is none. */
function alertedAt(entries: readonly Entry[]): number {
  const last = those(entries, isAlert).at(-1);
  return last ? last.seq - (entries[0]?.seq ?? 0) : -1;
}

/** Whether somebody in the conversation may be in danger and nobody of the staff has acknowledged that, or written. */
export function isAlerted(entries: readonly Entry[]): boolean {
  const at = alertedAt(entries);
  return (
    at !== -1 &&
    !entries
      .slice(at)
      .some((entry) => entry.kind === "alert_acknowledged" || (entry.kind === "message" && entry.by.kind === "agent"))
  );
}

/** Whether somebody in the conversation may be in danger and has had no reply, whoever has acknowledged the alert; an end settles what was acknowledged. */
export function isInDanger({ entries, state }: Pick<ConversationView, "entries" | "state">): boolean {
  if (isAlerted(entries)) return true;
  const at = alertedAt(entries);
  const isOver = (entry: Entry) =>
    (entry.kind === "message" && entry.by.kind === "agent") || (entry.kind === "reopened" && !isUndo(entry));
  return at !== -1 && ownerOf(state) !== "none" && !entries.slice(at).some(isOver);
}

interface Props {
  id: string;
  view: ConversationView;
  /** null unless the conversation waits for somebody to take it */
  onTake: (() => void) | null;
}

/** Above a conversation in which somebody may be in danger: what to do, the button that does it, and the one that says that somebody has seen it. It
 * stays until somebody has written. */
export function AlertStrip({ id, view, onTake }: Props) {
  const { t } = useTranslation("desk");
  const live = useLive();
  if (!isInDanger(view)) return null;
  return (
    <div className="notice hot alert-strip" role="alert">
      <Icon name="alert" />
      <span className="alert-words">{t("alert.here")}</span>
      <span className="row wrap alert-acts">
        {onTake && (
          <Button size="small" type="primary" onClick={onTake}>
            {t("take")}
          </Button>
        )}
        {isAlerted(view.entries) && (
          <Button size="small" onClick={() => live.send(id, { type: "acknowledge_alert" })}>
            {t("alert.acknowledge")}
          </Button>
        )}
      </span>
    </div>
  );
}
