import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { ConversationLog } from "../desk/conversation-log";
import type { Uploading } from "../desk/uploads";
import { Failed } from "../lib/failed";
import { Icon } from "../lib/icon";
import { useNameOf, useTitleOf } from "../lib/people";
import { may, useMe } from "../lib/session";
import { useConversation } from "../live/context";
import { record } from "./queries";
import { RecordTimes } from "./times";
import "../desk/desk.css";
import "../desk/conversation.css";

const noUploads: readonly Uploading[] = [];
const noEdit = () => undefined;

/** A conversation with everything that happened in it, and how it went. It is only read. */
export function Reader({ id, onClose }: { id: string; onClose(): void }) {
  const { t } = useTranslation("records");
  const me = useMe();
  const view = useConversation(id);
  const found = useQuery(record(id));
  const box = useRef<HTMLDivElement>(null);
  const nameOf = useNameOf();
  const titleOf = useTitleOf();
  const one = found.data;
  const isGone = view.gone !== null;
  return (
    <aside className="col conversation record-reader" aria-label={t("reader")} data-pane tabIndex={-1}>
      <header className="conversation-head">
        <h2 className="s4 el grow" dir="auto">
          {one ? titleOf(one) : t("reader")}
        </h2>
        {may(me, "desk") && !isGone && (
          <Link className="y-text-button" to="/inbox/$conversation" params={{ conversation: id }} search={{}}>
            {t("open_in_inbox")}
          </Link>
        )}
        <button type="button" className="ib" aria-label={t("close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {isGone ? (
        <p className="empty" role="status">
          {t("gone")}
        </p>
      ) : (
        <>
          <Failed of={found} />
          {one && <RecordTimes of={one} />}
          <ConversationLog
            id={id}
            view={view}
            customer={one ? nameOf(one.customer) : ""}
            unreadAfter={null}
            uploads={noUploads}
            box={box}
            onEdit={noEdit}
          />
        </>
      )}
    </aside>
  );
}
