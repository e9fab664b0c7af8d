import type { Bilingual, CannedReply } from "@yingda/api/types";
import { createStore } from "./store";

/** What can be put into a conversation: a canned reply, an answer that is read when it is used (null if it is gone), or the card of a product. */
export type Usable =
  | { kind: "reply"; reply: CannedReply }
  | { kind: "answer"; read(): Promise<Bilingual | null> }
  | { kind: "product"; id: string };

/** The reply or note that is being written: what is found elsewhere can be put into it. */
export interface Receiver {
  takes(what: Usable): boolean;
  put(what: Usable): Promise<void>;
}

/** That of the open conversation, if one is open in which this member may write. */
export const receiver = createStore<Receiver | null>(null);
