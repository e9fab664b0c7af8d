import { stateAfter, type EntryOf } from "@yingda/api/kinds";
import { get, set } from "../kept";
import { draw, ui } from "../ui";

/** The offer of leaving a message, which the server makes to whoever waits for long. */

/** The offer that was made in the present wait, if one was: whatever begins or ends a wait makes it void. */
export function offered(): EntryOf<"message_offered"> | undefined {
  const { entries } = ui.c;
  const begun = entries.map((e) => !!stateAfter(e)).lastIndexOf(true);
  return entries
    .slice(begun + 1)
    .filter((e): e is EntryOf<"message_offered"> => e.kind === "message_offered")
    .pop();
}

const named = (seq: number): string => `${ui.c.id} ${seq}`;

/** Whether the customer declined the offer with this number: they wait on. */
export const isDeclined = (seq: number): boolean => get("waits") === named(seq);

export function decline(seq: number): void {
  set("waits", named(seq));
  draw();
}
