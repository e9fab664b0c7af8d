import type { QueueName } from "./queue-name";

/** Puts words back into the composer instead of the message with this id. */
export type Edit = (mode: "reply" | "note", text: string, files: readonly string[], clientId: string) => void;

/** What every part of a transcript receives; as long as none of it changes, unchanged parts are not redrawn. */
export interface Shared {
  conversation: string;
  customer: string;
  zone: string;
  queueName: QueueName;
  onEdit: Edit;
}
