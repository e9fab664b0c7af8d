import type { ConversationView } from "@yingda/api/conversation";
import { Fragment, useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../lib/icon";
import { langOf } from "../lib/words";
import { useLive, useStatus } from "../live/context";
import { handover, hasBeginning, isOfBot } from "./handover";
import { useKnown } from "./known";
import "./customer.css";

/** What the bot was asked before a human agent was. The first question may precede the loaded entries, which are then extended until it is known. */
export function Handed({ conversation, view }: { conversation: string; view: ConversationView }) {
  const { t } = useTranslation("desk");
  const sayKnown = useKnown();
  const live = useLive();
  const linked = useStatus().state === "live";
  const found = useMemo(() => handover(view.entries), [view.entries]);
  const first = view.entries[0]?.seq ?? 1;
  const loaded = view.seq !== null;
  const known = loaded && (first === 1 || hasBeginning(view.entries));
  useEffect(() => {
    if (loaded && !known && linked) live.older(conversation, 100);
  }, [live, conversation, loaded, known, linked, first]);
  const ended = view.state === "resolved" || view.state === "closed";
  return (
    <section className="sec">
      <h2>
        <span className="botc">
          <Icon name="bot" />
        </span>
        {view.state === "bot"
          ? t("customer.with_bot")
          : ended && isOfBot(view.entries)
            ? t("line.bot")
            : t("packet.title")}
      </h2>
      {!known ? (
        <p className="s2 t3" role="status">
          {t("customer.asking")}
        </p>
      ) : found === null ? (
        <p className="s2 t3">{t("customer.not_asked")}</p>
      ) : found.back ? (
        <p className="s2 t3">{t("customer.back")}</p>
      ) : (
        <div className="handed">
          <ul>
            {found.asked.map((one, index) => (
              <Fragment key={one.seq}>
                {index === 1 && found.skipped > 0 && (
                  <li className="t3">{t("customer.skipped", { count: found.skipped })}</li>
                )}
                <li lang={langOf(one.text)}>
                  <bdi>{one.text}</bdi>
                  {!one.answered && <span className="tag warn">{t("customer.missed")}</span>}
                </li>
              </Fragment>
            ))}
          </ul>
          <div className="row wrap">
            {found.misses > 0 && <span className="tag line">{t("customer.misses", { count: found.misses })}</span>}
            {found.why && <span className="tag line">{sayKnown(`packet.reason.${found.why}`, found.why)}</span>}
          </div>
        </div>
      )}
    </section>
  );
}
