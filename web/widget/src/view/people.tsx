import { headset } from "@yingda/tokens/icons.ts";
import type { Entry, Place } from "@yingda/api/types";
import { say, setSound } from "../app";
import { h, type Child } from "../dom";
import { get } from "../kept";
import { openLeft, wasLeft } from "../leaving";
import { Button, scores, wear } from "./sheet";
import css from "../style/people.css?inline";
import { day, t, when } from "../text";
import { ui } from "../ui";
import { Icon, Sep } from "./parts";

wear(css);

const USER = "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.500 20c.8-4 3.800-6 7.500-6s6.700 2 7.500 6";
/** The number of people drawn individually; if there are more, all but one are replaced by a number. */
const DRAWN = 5;
/** Above this, minutes mean nothing. */
const LONG = 3600000;
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

/** Where help can be had, as the bot told a customer who may be in danger: all but its last paragraph, which says who comes. */
function helpLines(): string | undefined {
  const { entries } = ui.c;
  const begun = entries.findLastIndex((e) => e.kind === "reopened");
  const told = entries.findLast(({ body }, i) => i > begun && body && "outcome" in body && body.outcome === "danger");
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
      {help ? <p>{help}</p> : <div class="meta">{t(p.staffed ? "queue.live" : "queue.ways")}</div>}
    </div>
  );
}

/** The two actions available while waiting, shown above the composer. */
export function QueueActions() {
  return (
    <div class="row wait">
      <Button kind="s" pressed={ui.sound} press={() => setSound(!ui.sound)}>
        {t("queue.sound")}
      </Button>
      {(!ui.elder || ui.c.place?.staffed === false) && (
        <Button kind="s q" press={openLeft}>
          {t("queue.message")}
        </Button>
      )}
      <Button kind="s q" press={() => say({ type: "leave_queue" })}>
        {t("queue.leave")}
      </Button>
    </div>
  );
}

const plain = (...parts: string[]): Child => <div class="sys">{parts.map((p, i) => [i > 0 && <Sep />, p])}</div>;
const across = (text: string): Child => <div class="sys line">{text}</div>;

/** A line across the log about who answers, and how it ended. */
export function line(e: Entry): Child {
  switch (e.kind) {
    case "queued":
      return plain(e.body?.queue ? t("chat.queued", { queue: e.body.queue }) : t("chat.asked"));
    case "assigned": {
      const name = e.body?.name ?? "";
      return [
        across(t(ui.elder ? "elder.joined" : "chat.joined", { name })),
        <p class="sum">{t("joined.sees", { name })}</p>,
      ];
    }
    case "transferred":
      return across(t("chat.transferred", { from: e.body?.from_name ?? "", to: e.body?.to_name ?? "" }));
    case "returned":
      return plain(t("chat.returned"));
    case "left_queue":
      return plain(t(ui.elder ? "elder.left" : "chat.left"));
    case "handed_back":
      return across(t(ui.elder ? "elder.back" : "chat.back", { name: e.by.name ?? "" }));
    case "resolved": {
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
    }
    case "reopened":
      return plain(t("chat.reopened"), day(e.at));
    case "rated":
      return plain(t("chat.rated", { n: e.body?.score ?? 0, word: scores()[(e.body?.score ?? 0) - 1] ?? "" }));
    case "closed":
      return plain(t("chat.closed"));
    default:
      return plain(t("chat.unknown"));
  }
}
