import type { SaidActs } from "./own-words";
import type { QueueName } from "./queue-name";

/** A message that was refused, as it was written. */
export interface Refused {
  mode: "reply" | "note";
  text: string;
  files: readonly string[];
  /** the number of the message that it quotes */
  quote: number | undefined;
}
/** Puts words back into the composer instead of the message with this id. */
export type Edit = (refused: Refused, clientId: string) => void;

/** What every part of a transcript receives; as long as none of it changes, unchanged parts are not redrawn. */
export interface Shared {
  conversation: string;
  customer: string;
  zone: string;
  queueName: QueueName;
  onEdit: Edit;
  acts: SaidActs;
  /** Shows the message with this number. */
  goTo(seq: number): void;
}
