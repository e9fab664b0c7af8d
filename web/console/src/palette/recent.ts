import { browserPlace } from "../live/place";
import { mayOpen, pages, type Page } from "../shell/areas";
import type { Me } from "@yingda/api/types";
import type { Found } from "../shell/found";

/** What was picked last: a page or an action by its id; what a search found as it was found. */
export interface Picked {
  id: string;
  search?: string;
  found?: Found;
}

const most = 5;
/** `live/place` deletes it when the member signs out. */
const keyOf = (agent: string) => `yingda.console.found.${agent}`;

const isWords = (value: unknown): value is Record<string, string> =>
  typeof value === "object" && value !== null && Object.values(value).every((one) => typeof one === "string");

/** Accepts only values of the right form: the storage may contain anything. */
function foundIn(value: unknown): Found | null {
  if (typeof value !== "object" || value === null) return null;
  const { id, title, note, at } = value as Record<string, unknown>;
  if (typeof id !== "string" || typeof title !== "string" || typeof note !== "string") return null;
  if (typeof at !== "object" || at === null) return null;
  const { to, search } = at as Record<string, unknown>;
  if (!pages.some((page) => page.to === to) || !isWords(search)) return null;
  return { id, title, note, at: { to: to as Page["to"], search } };
}

function pickedIn(value: unknown): Picked | null {
  if (typeof value !== "object" || value === null) return null;
  const { id, search, found } = value as Record<string, unknown>;
  if (typeof id !== "string") return null;
  if (search === undefined) return { id };
  const kept = foundIn(found);
  return typeof search === "string" && kept ? { id, search, found: kept } : null;
}

/** The last picks of this member, the newest first, as far as they may still be opened. */
export function readPicked(me: Me): Picked[] {
  let raw: unknown;
  try {
    raw = JSON.parse(browserPlace.get(keyOf(me.agent)) ?? "[]");
  } catch {
    return [];
  }
  if (!Array.isArray(raw)) return [];
  return raw
    .map(pickedIn)
    .filter((one) => one !== null)
    .filter(({ found }) => !found || pages.some((page) => page.to === found.at.to && mayOpen(me, page)))
    .slice(0, most);
}

export function keepPicked(me: Me, picked: Picked) {
  const others = readPicked(me).filter(({ id }) => id !== picked.id);
  browserPlace.set(keyOf(me.agent), JSON.stringify([picked, ...others].slice(0, most)));
}
