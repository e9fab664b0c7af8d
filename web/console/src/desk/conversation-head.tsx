import { Link } from "@tanstack/react-router";
import type { ConversationDetail, LabelRef } from "@yingda/api/types";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LabelTag } from "../labels/label-tag";
import { Icon } from "../lib/icon";
import { Tip } from "../lib/tip";

/** The way back to the list, where there is room for one of both only. */
export function BackToList() {
  const { t } = useTranslation("desk");
  return (
    <Link className="ib conversation-back" to="/inbox" search={(now) => now} aria-label={t("conversation.back")}>
      <Icon name="left" />
    </Link>
  );
}

interface Props {
  title: string;
  /** Who it is with, if the title does not say. */
  customer: string;
  channel: ConversationDetail["channel"] | undefined;
  /** What the customer is looking at: a product, or the title of a page. */
  viewing: string;
  labels: readonly LabelRef[];
  customerShown: boolean;
  onShowCustomer(): void;
  /** What can be done with the conversation. */
  children: ReactNode;
}

/** Above a conversation: who it is with, where they came from, and what can be done with it. */
export function ConversationHead({
  title,
  customer,
  channel,
  viewing,
  labels,
  customerShown,
  onShowCustomer,
  children,
}: Props) {
  const { t } = useTranslation("desk");
  return (
    <header className="conversation-head">
      <BackToList />
      <div className="grow">
        <h1 className="el" dir="auto">
          {title}
        </h1>
        <div className="s1 t3 el">
          {labels.map((label) => (
            <Fragment key={label.id}>
              <LabelTag label={label} />{" "}
            </Fragment>
          ))}
          {customer && (
            <>
              {customer}
              <i className="dot" />
            </>
          )}
          {channel && t(`channel.${channel}`)}
          {viewing && (
            <>
              <i className="dot" />
              {t("conversation.viewing")} <bdi className="t2">{viewing}</bdi>
            </>
          )}
        </div>
      </div>
      {children}
      <Tip name={t("pane.customer")} keys="Alt I">
        <button
          type="button"
          className="ib head-customer"
          aria-pressed={customerShown}
          aria-label={t("pane.customer")}
          onClick={onShowCustomer}
        >
          <Icon name="user" />
        </button>
      </Tip>
    </header>
  );
}
