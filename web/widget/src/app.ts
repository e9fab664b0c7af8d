import type { PageContext } from "@yingda/api/types";
import { onSession } from "./account";
import { connect, prepare } from "./connection";
import { onFrame } from "./frames";
import { toHost, type OpenOptions } from "./host";
import { full, get, place, set, tellKnown } from "./kept";
import { recallLeft } from "./leaving";
import { seen } from "./marks";
import { calls } from "./on-request";
import { lookAt } from "./products";
import { askHuman, setPage } from "./saying";
import { returning, setSession } from "./session";
import { checkHours, loadSite } from "./site";
import { chime } from "./sound";
import { draw, ui } from "./ui";
import { recallDraft, sayText } from "./writing";

/** The chat as a whole: its beginning, and opening and closing it. */

export function begin(key: string, here?: PageContext, transport?: string): void {
  setPage(here);
  prepare(transport, onFrame);
  setSession(key, onSession, (identity) => calls((part) => part.prove(identity)));
  recallDraft();
  recallLeft();
  ui.sound = get("sound") === "1";
  void loadSite();
  if (returning()) connect();
  else tellKnown(false);
}

export async function openPanel(o: OpenOptions): Promise<void> {
  ui.open = true;
  ui.follow = true;
  ui.about = "";
  seen();
  checkHours();
  draw();
  if (o.product) await lookAt(o.product);
  if (o.ask) sayText(o.ask);
  if (o.human && ui.c.state === "bot") askHuman();
}

export function closePanel(): void {
  if (ui.hosted) return;
  ui.open = ui.menu = ui.emoji = false;
  draw();
  toHost({ do: "close" });
}

export function setSound(on: boolean): void {
  ui.sound = on;
  set("sound", on ? "1" : null);
  if (on) chime();
  draw();
}

/** Storage is refused everywhere or full, and there is something to lose. */
export const forgetful = (): boolean => full || (place === "memory" && ui.c.seq !== null);
