import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { BackToList } from "./conversation-head";
import { KeptWords } from "./kept-words";
import { LinkStrip } from "./link-strip";

interface Props {
  id: string;
  customer: string;
  /** Changes when something was put into the draft. */
  edited: number;
  /** The messages that were not sent any more, if there are any. */
  unsent: ReactNode;
}

/** In place of a conversation that may no longer be read: only what this person wrote themselves. */
export function ConversationGone({ id, customer, edited, unsent }: Props) {
  const { t } = useTranslation("desk");
  return (
    <>
      <header className="conversation-head">
        <BackToList />
        <h1 className="el grow">{customer}</h1>
      </header>
      <div className="conversation-gone">
        <p className="empty">{t("conversation.gone")}</p>
        {unsent}
        <KeptWords key={edited} conversation={id} />
      </div>
      <LinkStrip />
    </>
  );
}
