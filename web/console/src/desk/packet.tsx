import { useQuery } from "@tanstack/react-query";
import type { ConversationView } from "@yingda/api/conversation";
import { isUndo } from "@yingda/api/kinds";
import type { Entry, Handoff } from "@yingda/api/types";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerCategories } from "../lib/directory";
import { percent } from "../lib/format";
import { say } from "../lib/i18n";
import { those } from "../live/those";
import { Icon } from "../lib/icon";
import { usePrefs } from "../lib/prefs";
import { may, useMe } from "../lib/session";
import { langOf } from "../lib/words";
import { useFade } from "../shell/use-fade";
import { isAlerted } from "./alert-strip";
import { offered } from "./handover";
import { useKnown } from "./known";
import { useLow } from "./use-low";
import "./packet.css";

/** In a pane lower than this many rem, the packet is folded at first: the conversation and the composer come first. */
const LOW = 34;

/** The packet of the bot's last turn in the conversation, and whether an agent has written since; null once the bot has it again. */
export function packetOf(entries: readonly Entry[]): { packet: Handoff; answered: boolean } | null {
  const found = those(entries, turnsToBot).at(-1);
  if (found?.kind !== "handoff" || found.body === null) return null;
  const answered = entries
    .slice(found.seq - (entries[0]?.seq ?? 0))
    .some((entry) => entry.kind === "message" && entry.by.kind === "agent");
  return { packet: found.body, answered };
}
const restarts = new Set<string>(["handed_back", "reopened", "left_queue"]);
/** Whether the bot hands a conversation over, or has it again. */
const turnsToBot = (entry: Entry): entry is Entry =>
  entry.kind === "handoff" || (restarts.has(entry.kind) && !isUndo(entry));

/** What the customer asked, oldest first, as in the conversation; words that only asked for a person, or accepted the offer of one, asked the bot nothing. */
function asked({ reason, turns }: Handoff): Handoff["turns"] {
  const last = turns.at(-1);
  const asksPerson = (reason === "asked" || offered.has(reason)) && last && !last.outcome && !last.source;
  return asksPerson ? turns.slice(0, -1) : turns;
}

/** What stands between a label and what it is of: full-width punctuation brings its own space. */
const gap = (label: string) => (/[：（]/.test(label) ? "" : " ");

/** What the customer wrote, by the number of the message. */
function wordsOf(entries: readonly Entry[], seq: number): string | null {
  const entry = entries.find((one) => one.seq === seq);
  return entry?.kind === "message" && entry.body && "text" in entry.body ? entry.body.text : null;
}

type Intent = NonNullable<Handoff["intent"]>;

/**
 * The name of what the question was about: a kind of question, or a category of the knowledge; and how sure the bot was of it. Null if it has no name; its key is
 * for nobody to read.
 */
function useTopic({ topic, confidence }: Intent): { name: string; sure: string } | null {
  const { t } = useTranslation("desk");
  const me = useMe();
  const { language } = usePrefs();
  const kind = useKnown()(`packet.topic.${topic}`, "");
  const { data } = useQuery({ ...answerCategories, enabled: kind === "" && may(me, "knowledge.curate") });
  // Only of an entry of the knowledge is it a probability; what is read from a product was meant or not.
  if (topic === "attribute" && confidence !== undefined)
    return { name: kind, sure: t(confidence < 1 ? "packet.likely" : "packet.read") };
  if (kind !== "") return { name: kind, sure: "" };
  const category = data?.items.find((one) => one.key === topic && one.updated_at > 0);
  const isShare = confidence !== undefined && confidence < 1;
  return category
    ? {
        name: say(category.name, language),
        sure: isShare ? t("packet.sure", { share: percent(confidence, language) }) : "",
      }
    : null;
}

function Label({ children }: { children: string }) {
  return (
    <>
      <span className="t3">{children}</span>
      {gap(children)}
    </>
  );
}

function Topic({ intent }: { intent: Intent }) {
  const { t } = useTranslation("desk");
  const topic = useTopic(intent);
  if (topic === null) return null;
  const { name, sure } = topic;
  return (
    <li>
      <Label>{t("packet.about")}</Label>
      <bdi>{name}</bdi>
      {sure !== "" && (
        <>
          {gap(sure)}
          <span className="t3">{sure}</span>
        </>
      )}
    </li>
  );
}

/** What the bot made of a question: the answer's source, that it had no answer, or what else it did. */
function Result({ turn }: { turn: Handoff["turns"][number] }) {
  const { t } = useTranslation("desk");
  const known = useKnown();
  if (turn.source)
    return (
      <span className="source">
        <Icon name="book" />
        {t("message.source", { title: turn.source.title })}
      </span>
    );
  const words = turn.outcome ? known(`packet.outcome.${turn.outcome}`, turn.outcome) : t("packet.not_answered");
  return <span className={turn.outcome === "no_answer" ? "tag warn" : "t3"}>{words}</span>;
}

function Body({ packet, entries }: { packet: Handoff; entries: readonly Entry[] }) {
  const { t } = useTranslation("desk");
  const { language } = usePrefs();
  const box = useRef<HTMLDivElement>(null);
  useFade(box);
  const { intent } = packet;
  const turns = asked(packet);
  return (
    <div className="packet-body">
      <div className="packet-scroll" ref={box}>
        <p dir="auto">{say(packet.summary, language)}</p>
        {(intent || packet.slots.length > 0) && (
          <ul className="packet-known" aria-label={t("packet.known")}>
            {intent && <Topic intent={intent} />}
            {packet.slots.map((slot) => (
              <li key={slot.id}>
                <Label>{t(`packet.slot.${slot.name}`)}</Label>
                <bdi>{slot.title}</bdi>
              </li>
            ))}
          </ul>
        )}
        {turns.length > 0 && (
          <ol className="packet-turns" aria-label={t("packet.turns")}>
            {turns.map((turn) => {
              const words = wordsOf(entries, turn.asked);
              return (
                <li key={turn.asked}>
                  <span className="packet-asked" lang={words === null ? undefined : langOf(words)} dir="auto">
                    {words ?? t("packet.earlier")}
                  </span>
                  <Result turn={turn} />
                </li>
              );
            })}
          </ol>
        )}
      </div>
    </div>
  );
}

function Folding({ packet, answered, entries }: { packet: Handoff; answered: boolean; entries: readonly Entry[] }) {
  const { t } = useTranslation("desk");
  const known = useKnown();
  const box = useRef<HTMLElement>(null);
  const low = useLow(box, LOW);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? !(answered || low || isAlerted(entries));
  const danger = packet.reason === "danger";
  return (
    <section ref={box} className={danger ? "packet packet-danger" : "packet"} aria-label={t("packet.title")}>
      <button type="button" className="packet-head" aria-expanded={open} onClick={() => setChosen(!open)}>
        <Icon name={danger ? "alert" : "bot"} />
        <span className="row wrap grow">
          <b>{t("packet.title")}</b>{" "}
          <span className={`tag ${danger ? "hot" : "line"}`}>
            {known(`packet.reason.${packet.reason}`, packet.reason)}
          </span>{" "}
          {packet.mood !== "calm" && packet.reason !== "mood" && (
            <span className="tag warn">{t(`packet.mood.${packet.mood}`)}</span>
          )}
        </span>
        <span className={open ? "packet-open" : undefined}>
          <Icon name="down" />
        </span>
      </button>
      {open && <Body packet={packet} entries={entries} />}
    </section>
  );
}

/** What happened with the bot, for whoever has the conversation now: open until an agent has written, unless there is an alert or too little room. */
export function Packet({ view }: { view: ConversationView }) {
  const found = packetOf(view.entries);
  return found && <Folding {...found} entries={view.entries} />;
}
