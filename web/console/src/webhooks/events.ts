import type { EventType } from "@yingda/api/types";

/** The events an endpoint can receive, in the order of a conversation. */
export const eventTypes: readonly EventType[] = [
  "conversation.opened",
  "conversation.message",
  "conversation.human_requested",
  "conversation.queued",
  "conversation.left_queue",
  "conversation.assigned",
  "conversation.transferred",
  "conversation.returned",
  "conversation.resolved",
  "conversation.reopened",
  "conversation.rated",
  "conversation.closed",
  "conversation.recalled",
  "conversation.corrected",
];

/** The last part of an event's name, which is the key of its text. */
export const shortName = (type: string) => type.replace("conversation.", "");
