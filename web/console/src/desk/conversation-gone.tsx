import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { takenFrom } from "./queries";
import { BackToList } from "./conversation-head";
import { KeptWords } from "./kept-words";
import { LinkStrip } from "./link-strip";

interface Props {
  id: string;
  /** Empty if nothing was ever known of the conversation here. */
  customer: string;
  /** Changes when something was put into the draft. */
  edited: number;
  /** The messages that were not sent any more, if there are any. */
  unsent: ReactNode;
}

/** In place of a conversation that may no longer be read, or that there never was: only what this person wrote themselves. */
export function ConversationGone({ id, customer, edited, unsent }: Props) {
  const { t } = useTranslation("desk");
  const taken = useQuery(takenFrom(id)).data;
  return (
    <>
      <header className="conversation-head">
        <BackToList />
        <h1 className="el grow">{customer || t("conversation.unknown")}</h1>
      </header>
      <div className="conversation-gone">
        <div className="empty">
          <p>
            {taken
              ? t(taken.reason ? "conversation.taken_why" : "conversation.taken", {
                  name: taken.by,
                  reason: taken.reason ?? "",
                })
              : t(customer === "" ? "conversation.none" : "conversation.gone")}
          </p>
          <p>
            <Link to="/inbox" search={(now) => now}>
              {t("conversation.back")}
            </Link>
          </p>
        </div>
        {unsent}
        <KeptWords key={edited} conversation={id} />
      </div>
      <LinkStrip />
    </>
  );
}
