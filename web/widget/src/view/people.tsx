import { headset } from "@yingda/tokens/icons.ts";
import { isKnown, wordsOf, type EntryOf, type OwnKind } from "@yingda/api/kinds";
import { ownOf } from "@yingda/api/own";
import type { Entry, Place } from "@yingda/api/types";
import { setSound } from "../app";
import { say } from "../saying";
import { h, type Child } from "../dom";
import { get } from "../kept";
import { openLeft, wasLeft } from "../leaving";
import { Button, scores, wear } from "./sheet";
import css from "../style/people.css?inline";
import { day, pick, t, when, type Key } from "../text";
import { ui } from "../ui";
import { isTold, openAbout } from "./told";
import { decline, isDeclined, offered } from "./offered";
import { Icon, Sep } from "./parts";

wear(css);

export { acts, said, Strip } from "./own-words";

const USER = "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.500 20c.8-4 3.800-6 7.500-6s6.700 2 7.500 6";
/** The number of people drawn individually; if there are more, all but one are replaced by a number. */
const DRAWN = 5;
/** Above this, minutes mean nothing. */
const LONG = 3600000;
/** From this wait on, leaving a message is offered first. */
const PATIENCE = 600000;
const minutes = (ms: number | null) => Math.max(1, Math.round((ms ?? 0) / 60000));

/** The approximate remaining wait; empty if it is not known. */
export const wait = ({ eta_low_ms: low, eta_high_ms: high }: Place): string =>
  low === null || high === null
    ? ""
    : low > LONG
      ? t("queue.long")
      : high < 60000
        ? t("queue.soon")
        : t("queue.about", { n: minutes((low + high) / 2) });

/** The wait of a customer who asks for a human agent now, or that nobody is there; empty out of hours. */
export function outlook(): string {
  const { service } = ui.site ?? {};
  if (!service?.open) return "";
  const n = service.wait_minutes;
  return !service.staffed
    ? t("wait.away")
    : n === null
      ? t("wait.queue")
      : n > 60
        ? t("queue.long")
        : t("queue.about", { n });
}

/** Where help can be had, as the bot told a customer who may be in danger: all but its last paragraph, which says who comes. */
function helpLines(): string | undefined {
  const { entries } = ui.c;
  const begun = entries.map((e) => e.kind).lastIndexOf("reopened");
  const told = entries
    .slice(begun + 1)
    .filter(({ body }) => body && "outcome" in body && body.outcome === "danger")
    .pop();
  return (told?.body as { text: string } | undefined)?.text.replace(/\n\n[^\n]*$/, "");
}

/** The people ahead, and the wait as a point and a range. No number if nothing is known. */
export function QueueBlock() {
  const p = ui.c.place;
  if (!p) return null;
  const { ahead, eta_low_ms: low, eta_high_ms: high } = p;
  const drawn = ahead > DRAWN ? DRAWN - 1 : ahead;
  const more = ahead - drawn;
  const about = p.staffed && wait(p);
  const help = helpLines();
  return (
    <div class="qn" role="status">
      {!p.staffed ? (
        <b>{t("queue.unstaffed")}</b>
      ) : ahead ? (
        <div>
          <div class="t2">{t("queue.ahead")}</div>
          <div class="big">{t("queue.people", { n: ahead })}</div>
        </div>
      ) : (
        <b class="big">{t("queue.next")}</b>
      )}
      {p.staffed && (
        <div class="people" aria-hidden="true">
          <span class="desk">
            <Icon d={headset} />
          </span>
          {Array.from({ length: drawn }, () => (
            <span>
              <Icon d={USER} />
            </span>
          ))}
          {!!more && <span>+{more}</span>}
          <span class="self">
            <Icon d={USER} />
          </span>
        </div>
      )}
      {about && (
        <div>
          <b>{about}</b>
          {low! < LONG && minutes(low) < minutes(high) && (
            <div class="meta">{t("queue.range", { low: minutes(low), high: minutes(high) })}</div>
          )}
        </div>
      )}
      {help ? <p dir="auto">{help}</p> : <div class="meta">{t(p.staffed ? "queue.live" : "queue.ways")}</div>}
    </div>
  );
}

/** Whether nobody is there, as the place in the queue says or, until it is known, the site. */
const isAway = (): boolean => (ui.c.place ?? ui.site?.service)?.staffed === false;
/** Whether leaving a message is the better advice: nobody is there, or the wait is long. */
function isMessageBetter(): boolean {
  const { eta_low_ms: low, eta_high_ms: high } = ui.c.place ?? {};
  return isAway() || ((low ?? 0) + (high ?? 0)) / 2 >= PATIENCE;
}

/** What can be done while waiting, shown above the composer; the better advice first. Easy mode leaves out what is neither. */
export function QueueActions() {
  const better = isMessageBetter();
  const sound = (
    <label class="ring">
      <input type="checkbox" role="switch" checked={ui.sound} onChange={() => setSound(!ui.sound)} />
      {t("queue.sound")}
    </label>
  );
  return (
    <div class="row wait">
      {(!ui.elder || better) && (
        <Button kind={better ? "s" : "s q"} press={() => openLeft()}>
          {t("queue.message")}
        </Button>
      )}
      {ui.site?.asks_about && !isTold() && (
        <Button kind="s q" press={openAbout}>
          {t("about.title")}
        </Button>
      )}
      <Button kind="s q" press={() => say({ type: "leave_queue" })}>
        {t("queue.leave")}
      </Button>
      {!isAway() && sound}
    </div>
  );
}

const plain = (...parts: string[]): Child => <div class="sys">{parts.map((p, i) => [i > 0 && <Sep />, p])}</div>;

/** What easy mode says instead. */
const SIMPLER: Partial<Record<Key, Key>> = {
  "chat.joined": "elder.joined",
  "chat.left": "elder.left",
  "chat.back": "elder.back",
};
const simply = (key: Key): Key => (ui.elder && SIMPLER[key]) || key;

/** The kinds with a form of their own. The log itself draws messages and how it began. */
const OWN: { [K in Exclude<OwnKind<"chat">, "message" | "opened">]: (e: EntryOf<K>) => Child } = {
  assigned(e) {
    const name = e.body?.name ?? "";
    return [
      <div class="sys line">{t(simply("chat.joined"), { name })}</div>,
      <p class="sum">{t("joined.sees", { name })}</p>,
    ];
  },
  resolved(e) {
    if (wasLeft(e)) {
      const promised = Number(get("promised"));
      return plain(t("left.done"), promised > Date.now() ? t("left.by", { when: when(promised) }) : t("left.here"));
    }
    const by = e.body?.by;
    const name = e.by.name ?? ui.c.agent?.name;
    return plain(
      by === "customer"
        ? t("resolved.customer")
        : by === "agent" && name
          ? t("resolved.agent", { name })
          : t("resolved.system"),
      t("resolved.again"),
    );
  },
  asked_about({ body }) {
    if (!body) return plain(t("gone.erased"));
    const said = (body.details ?? []).map((one) => [<br />, pick(one.label), ": ", <bdi>{one.text}</bdi>]);
    return (
      <div class="sys">
        {body.question ? [t("about.told", { kind: pick(body.question.name) }), said] : t("about.skipped")}
      </div>
    );
  },
  message_offered({ seq, body }) {
    const by = body?.promised_by;
    const isOpen = offered()?.seq === seq && !isDeclined(seq);
    return (
      <div class="sys">
        {t("offer.long")}
        {by && [<Sep />, t("left.promise", { when: when(by) })]}
        {isOpen && (
          <div class="row">
            <Button kind="s" press={() => openLeft()}>
              {t("queue.message")}
            </Button>
            <Button kind="s q" press={() => decline(seq)}>
              {t("offer.wait")}
            </Button>
          </div>
        )}
      </div>
    );
  },
  reopened: (e) => plain(t("chat.reopened"), day(e.at)),
  rated: ({ body }) => {
    const n = body?.score ?? 0;
    const why = (body?.reasons ?? []).map(({ name }) => pick(name));
    return plain(t("chat.rated", { n, word: scores()[n - 1] ?? "" }), ...why);
  },
};

/** A line across the log about who answers, and how it ended; nothing if the entry needs none. */
export function line(e: Entry): Child {
  const own = ownOf(OWN as Record<string, (e: Entry) => Child>, e.kind);
  if (own) return own(e);
  const words = isKnown(e) ? wordsOf("chat", e) : (["chat.unknown"] as const);
  return words && <div class={`sys ${words[2] ?? ""}`}>{t(simply(words[0] as Key), words[1])}</div>;
}
