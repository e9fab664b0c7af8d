import { ownerOf } from "@yingda/api/kinds";
import type { MessageBody } from "@yingda/api/types";
import { get, set } from "../kept";
import { request, say } from "../saying";
import { draw, ui } from "../ui";

/** The episode in which it would be told now: after an end, the next one. */
const episode = (): string => `${ui.c.id} ${ui.c.episode + (ownerOf(ui.c.state) === "none" ? 1 : 0)}`;

/** Remembers that it was told in this episode: the entry may be on a page that is not loaded. */
export const rememberTold = (): void => void set("told", episode());
export const forgetTold = (): void => void set("told", null);

/** Whether the customer has said in this episode what it is about, or skipped that: as far as its entries are loaded, or as this browser remembers. */
export function isTold(): boolean {
  const { entries, pending, state } = ui.c;
  const begun = entries.map((e) => e.kind).lastIndexOf("reopened");
  return (
    get("told") === episode() ||
    pending.some((p) => p.body.type === "ask_about") ||
    (ownerOf(state) !== "none" && entries.slice(begun + 1).some((e) => e.kind === "asked_about"))
  );
}

/** Whether the bot's last words may have offered a person because somebody may be in danger. With which reason it offers one, only the staff see. */
function mayBeInDanger(): boolean {
  const last = ui.c.entries.filter((e) => e.kind === "message" && e.by.kind === "bot").pop()
    ?.body as MessageBody | null;
  return (
    last?.type === "answer" &&
    (last.outcome === "danger" || (last.offer_human && !/no_answer|did_you_mean/.test(last.outcome)))
  );
}

/** Opens the form for what it is about. */
export function openAbout(): void {
  ui.leaving = "about";
  draw();
}

/** Asks what it is about before a person, once; nothing holds up somebody who may be in danger, and they can say it while they wait. */
export const askFirst = (): unknown => (isTold() || mayBeInDanger() ? say(request) : openAbout());
