import { follow } from "../lib/follow";
import { browserPlace } from "../live/place";

export interface Draft {
  reply: string;
  note: string;
  mode: "reply" | "note";
}
const empty: Draft = { reply: "", note: "", mode: "reply" };
const keyOf = (agent: string, conversation: string) => `yingda.console.draft.${agent}.${conversation}`;

/** The draft of a conversation, stored in this browser until it is sent. */
export function readDraft(agent: string, conversation: string): Draft {
  try {
    const raw = JSON.parse(localStorage.getItem(keyOf(agent, conversation)) ?? "null") as Partial<Draft> | null;
    if (!raw || typeof raw !== "object") return empty;
    return {
      reply: typeof raw.reply === "string" ? raw.reply : "",
      note: typeof raw.note === "string" ? raw.note : "",
      mode: raw.mode === "note" ? "note" : "reply",
    };
  } catch {
    return empty;
  }
}

/** Tells of what another tab writes in the conversation, or has sent; returns how to end that. */
export const followDraft = (agent: string, conversation: string, changed: (draft: Draft) => void) =>
  follow(keyOf(agent, conversation), () => changed(readDraft(agent, conversation)));

/** The maximum number of drafts of one person in one browser; the least recently edited one is deleted first. */
const draftsAtMost = 100;

/** Returns whether the browser stored it; otherwise it lasts as long as the page. */
export function keepDraft(agent: string, conversation: string, draft: Draft): boolean {
  if (draft.reply === "" && draft.note === "") return browserPlace.set(keyOf(agent, conversation), null);
  const kept = browserPlace.set(keyOf(agent, conversation), JSON.stringify({ ...draft, at: Date.now() }));
  const all = browserPlace.names().filter((name) => name.startsWith(keyOf(agent, "")));
  if (all.length > draftsAtMost) {
    const oldest = all.map((name) => ({ name, at: ageOf(browserPlace.get(name)) })).sort((a, b) => a.at - b.at);
    for (const { name } of oldest.slice(0, all.length - draftsAtMost)) browserPlace.set(name, null);
  }
  return kept;
}

function ageOf(text: string | null): number {
  try {
    return Number((JSON.parse(text ?? "{}") as { at?: unknown }).at) || 0;
  } catch {
    return 0;
  }
}

/** Puts the text of a refused send back into the draft it came from, before the current text. */
export function backToDraft(agent: string, conversation: string, mode: Draft["mode"], text: string) {
  const draft = readDraft(agent, conversation);
  keepDraft(agent, conversation, { ...draft, mode, [mode]: draft[mode] ? `${text}\n${draft[mode]}` : text });
}
