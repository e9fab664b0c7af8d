import type { Conversation, MacroAct, SendBody } from "@yingda/api/types";
import { bodyFor, fill, type Variables } from "./canned";

const MINUTE = 60_000;

/** What an act sends, as by hand; null if there is nothing to do, because the conversation has the label. */
export function sendOf(
  act: MacroAct,
  { labels, lang }: Pick<Conversation, "labels" | "lang">,
  values: (lang: "zh-CN" | "en") => Variables,
  now: number,
): SendBody | null {
  switch (act.type) {
    case "label":
      return labels.some((one) => one.id === act.label)
        ? null
        : { type: "label", labels: [...labels.map((one) => one.id), act.label] };
    case "reply": {
      const said = bodyFor({ body: act.text }, lang);
      return { type: "text", text: fill(said.text, values(said.lang)) };
    }
    case "note":
      return { type: "note", text: act.text };
    case "snooze":
      return { type: "snooze", until: now + act.minutes * MINUTE };
    case "transfer":
      return { type: "transfer", to: act.queue };
    case "resolve":
      return { type: "resolve" };
  }
}

/** What was done: what was sent, and the label that it added. */
export interface Done {
  body: SendBody;
  label?: string;
}

/** What takes it back: sends, and after them the labels that come off. */
export interface Back {
  sends: SendBody[];
  off: string[];
}

/** The last of what was done that can be taken back, the latest first: nothing before what stays. */
export function undoing(done: readonly Done[]): Back {
  const back: Back = { sends: [], off: [] };
  for (const { body, label } of done.toReversed()) {
    if (label !== undefined) back.off.push(label);
    else if (body.type === "snooze") back.sends.push({ type: "wake" });
    else if (body.type === "resolve") back.sends.push({ type: "reopen" });
    else break;
  }
  return back;
}

/** Takes labels off those that a conversation has now; null if it has none of them. */
export function without(off: readonly string[], labels: Conversation["labels"]): SendBody | null {
  const left = labels.filter(({ id }) => !off.includes(id));
  return left.length === labels.length ? null : { type: "label", labels: left.map(({ id }) => id) };
}
