import type { ConversationView } from "@yingda/api/conversation";
import type { Entry, Handoff } from "@yingda/api/types";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { percent } from "../lib/format";
import { say } from "../lib/i18n";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { langOf } from "../lib/words";

/** The packet of the bot's last turn in the conversation, and whether an agent has written since; null once the bot has it again. */
export function packetOf(entries: readonly Entry[]): { packet: Handoff; answered: boolean } | null {
  const at = entries.findLastIndex((entry) => entry.kind === "handoff" || restarts.has(entry.kind));
  const found = entries[at];
  if (found?.kind !== "handoff" || found.body === null) return null;
  const answered = entries.slice(at).some((entry) => entry.kind === "message" && entry.by.kind === "agent");
  return { packet: found.body, answered };
}
const restarts = new Set<string>(["handed_back", "reopened", "left_queue"]);

/** What the customer wrote, by the number of the message. */
function wordsOf(entries: readonly Entry[], seq: number): string | null {
  const entry = entries.find((one) => one.seq === seq);
  return entry?.kind === "message" && entry.body && "text" in entry.body ? entry.body.text : null;
}

/** The words in which a reason or a topic is shown; a newer server may have one that this page does not know. */
function useKnown() {
  const { t, i18n } = useTranslation("desk");
  return (key: string, otherwise: string) => (i18n.exists(`desk:${key}`) ? t(key as "packet.title") : otherwise);
}

/** What happened with the bot, for whoever has the conversation now: open until an agent has written. */
export function Packet({ view }: { view: ConversationView }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const known = useKnown();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const found = packetOf(view.entries);
  if (!found) return null;
  const { packet, answered } = found;
  const open = chosen ?? !answered;
  const { intent } = packet;
  return (
    <section className={packet.reason === "danger" ? "packet packet-danger" : "packet"} aria-label={t("packet.title")}>
      <button type="button" className="packet-head" aria-expanded={open} onClick={() => setChosen(!open)}>
        <Icon name={packet.reason === "danger" ? "alert" : "bot"} />
        <b>{t("packet.title")}</b>
        <span className={`tag ${packet.reason === "danger" ? "hot" : "line"}`}>
          {known(`packet.reason.${packet.reason}`, packet.reason)}
        </span>
        {packet.mood !== "calm" && <span className="tag warn">{t(`packet.mood.${packet.mood}`)}</span>}
        <span className="grow" />
        <span className={open ? "packet-open" : undefined}>
          <Icon name="down" />
        </span>
      </button>
      {open && (
        <div className="packet-body">
          <p>{say(packet.summary, language)}</p>
          {(intent || packet.slots.length > 0) && (
            <ul className="packet-known" aria-label={t("packet.known")}>
              {intent && (
                <li>
                  <span className="t3">{t("packet.about")}</span> {known(`packet.topic.${intent.topic}`, intent.topic)}
                  {intent.confidence !== undefined && (
                    <span className="t3"> {t("packet.sure", { share: percent(intent.confidence, language) })}</span>
                  )}
                </li>
              )}
              {packet.slots.map((slot) => (
                <li key={slot.id}>
                  <span className="t3">{t(`packet.slot.${slot.name}`)}</span> {slot.title}
                </li>
              ))}
            </ul>
          )}
          {packet.turns.length > 0 && (
            <ol className="packet-turns" aria-label={t("packet.turns")}>
              {packet.turns.map((turn) => {
                const asked = wordsOf(view.entries, turn.asked);
                return (
                  <li key={turn.asked}>
                    <span className="packet-asked" lang={asked === null ? undefined : langOf(asked)}>
                      {asked ?? t("packet.earlier")}
                    </span>
                    <span className="t3">
                      {turn.source?.title ??
                        (turn.outcome
                          ? known(`packet.outcome.${turn.outcome}`, turn.outcome)
                          : t("packet.not_answered"))}
                    </span>
                  </li>
                );
              })}
            </ol>
          )}
        </div>
      )}
    </section>
  );
}
