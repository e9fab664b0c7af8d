import { Button } from "@yingda/antd";
import type { ConversationView } from "@yingda/api/conversation";
import type { Conversation, ConversationDetail } from "@yingda/api/types";
import { useTranslation } from "react-i18next";
import { hourMinute, span } from "../lib/format";
import { usePrefs } from "../lib/prefs";
import { reaches } from "../lib/roles";
import { useMe } from "../lib/session";
import { Composer, type ComposerProps } from "./composer";
import { KeptWords } from "./kept-words";
import { useQueueName } from "./queue-name";

interface WhyProps {
  view: ConversationView;
  data: ConversationDetail | undefined;
  /** To whom it is offered now; null if it is not. */
  offer: Conversation["offer"];
  /** While there is an alert, its strip has the button that takes the conversation. */
  danger: boolean;
  onTake(): void;
  onTakeOver(): void;
  onReopen(): void;
}

interface Props extends WhyProps, Pick<ComposerProps, "above" | "onUp" | "handle"> {
  id: string;
  /** The customer's name; null if they gave none. */
  customer: string | null;
  lang: string;
  readable: boolean;
  /** Changes when something was put into the draft. */
  edited: number;
  onNote(text: string, files: readonly string[], mentions: readonly string[]): void;
}

/** In place of the composer where this person cannot write to the customer now: what they had begun to write, why, and notes. */
export function ConversationClosed({
  id,
  customer,
  lang,
  readable,
  edited,
  above,
  onUp,
  handle,
  onNote,
  ...why
}: Props) {
  return (
    <>
      <KeptWords key={edited} conversation={id} />
      <WhyClosed {...why} />
      {readable && why.view.state !== "closed" && (
        <Composer
          key={id}
          conversation={id}
          customer={customer}
          lang={lang}
          notesOnly
          above={above}
          onUp={onUp}
          handle={handle}
          onReply={() => undefined}
          onNote={onNote}
          onTyping={() => undefined}
          onFiles={() => undefined}
        />
      )}
    </>
  );
}

/** Who has the conversation, or when it ended, and the button that takes it. */
function WhyClosed({ view, data, offer, danger, onTake, onTakeOver, onReopen }: WhyProps) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const me = useMe();
  const queueName = useQueueName();
  /** Who served it last, and who may step in for everybody. */
  const mayServe = reaches(me, "desk", "company") || data?.agent?.id === me.agent;
  return (
    <div className="conversation-closed">
      {view.state === "queued" && (
        <>
          <span className="grow">{t("closed.queued", { queue: queueName(view.queue ?? "") })}</span>
          {!danger && (
            <Button type="primary" onClick={onTake}>
              {t("take")}
            </Button>
          )}
        </>
      )}
      {view.state === "offered" && (
        <>
          <span className="grow">
            {!offer
              ? t("closed.queued", { queue: queueName(view.queue ?? "") })
              : offer.agent.id === me.agent
                ? t("offer.title")
                : t("closed.offered", { name: offer.agent.name })}
          </span>
          {offer?.agent.id === me.agent && (
            <Button type="primary" onClick={onTake}>
              {t("offer.accept")}
            </Button>
          )}
        </>
      )}
      {view.state === "bot" && (
        <>
          <span className="grow">{t("closed.bot")}</span>
          {mayServe && <Button onClick={onTakeOver}>{t("take_over")}</Button>}
        </>
      )}
      {(view.state === "resolved" || view.state === "closed") && (
        <>
          <span className="grow">
            {data?.resolved_at
              ? t("closed.resolved_at", {
                  time: hourMinute(data.resolved_at, me.time_zone),
                  span: span(data.resolved_at - data.created_at, language),
                })
              : t("closed.resolved")}
          </span>
          {view.state === "resolved" && mayServe && <Button onClick={onReopen}>{t("reopen")}</Button>}
        </>
      )}
      {(view.state === "active" || view.state === "on_hold" || view.state === "snoozed") && (
        <span>{t("closed.other", { name: view.agent?.name ?? "" })}</span>
      )}
    </div>
  );
}
