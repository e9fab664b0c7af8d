import { Button } from "@yingda/antd";
import type { Conversation } from "@yingda/api/types";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { ConversationLog } from "../desk/conversation-log";
import { Handed } from "../desk/handed";
import { Packet, packetOf } from "../desk/packet";
import type { Uploading } from "../desk/uploads";
import { Icon } from "../lib/icon";
import { Kbd } from "../lib/kbd";
import { useNameOf, useTitleOf } from "../lib/people";
import { Tip } from "../lib/tip";
import { useConversation } from "../live/context";
import { useReason } from "./reason";
import "../desk/desk.css";
import "../desk/conversation.css";

const noUploads: readonly Uploading[] = [];
const noEdit = () => undefined;

/** A waiting conversation, read beside the list without being taken: why it waits, what the customer wanted, and what was said. */
export function Preview({
  id,
  one,
  onTake,
  onMove,
  onClose,
}: {
  id: string;
  one: Conversation | undefined;
  onTake(id: string): void;
  onMove: ((id: string) => void) | null;
  onClose(): void;
}) {
  const { t } = useTranslation("queues");
  const nameOf = useNameOf();
  const titleOf = useTitleOf();
  const reason = useReason();
  const view = useConversation(id);
  const box = useRef<HTMLDivElement>(null);
  const name = one ? nameOf(one.customer) : "";
  const title = one ? titleOf(one) : "";
  return (
    <aside className="col conversation queue-preview" aria-label={t("preview")} data-pane tabIndex={-1}>
      <header className="conversation-head">
        <div className="grow">
          <h2 className="s4 el" dir="auto">
            {title}
          </h2>
          <p className="s1 t3">{reason(one?.wait)}</p>
        </div>
        {one && onMove && (
          <Tip name={t("move")} keys="M">
            <button type="button" className="ib" aria-label={t("move_who", { name: title })} onClick={() => onMove(id)}>
              <Icon name="transfer" />
            </button>
          </Tip>
        )}
        {one && (
          <Button type="primary" onClick={() => onTake(id)}>
            {t("take")}
            <Kbd keys="T" />
          </Button>
        )}
        <button type="button" className="ib" aria-label={t("preview.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {one ? (
        <>
          {packetOf(view.entries) ? <Packet key={id} view={view} /> : <Handed conversation={id} view={view} />}
          <ConversationLog
            id={id}
            view={view}
            customer={name}
            unreadAfter={null}
            uploads={noUploads}
            box={box}
            onEdit={noEdit}
          />
        </>
      ) : (
        <p className="empty" role="status">
          {t("preview.gone")}
        </p>
      )}
    </aside>
  );
}
