import type { ClientFrame } from "@yingda/api/types";
import type { Status } from "@yingda/api/stream";
import { newId } from "@yingda/api/ids";

/** Tabs of different releases that would not understand each other do without each other: raise it whenever `Word` changes. */
export const version = 1;

/** What the console's tabs of one person say to each other. `port` is one connection of a tab to the one that leads. */
export type Word =
  | { k: "who" | "front" | "retry" | "bye" }
  | { k: "leads"; status: Status; front: string }
  | { k: "say"; to: string; port: string; at: number; frame: ClientFrame }
  | { k: "hear"; to: string; port: string; text: string }
  | { k: "shut"; to: string; port: string }
  | { k: "hang"; port: string };
export type Said = Word & { from: string };

export interface Channel {
  post(said: Said): void;
  close(): void;
}

/** What tabs need of their browser. */
export interface World {
  /** the name of this tab */
  id: string;
  channel(name: string, hear: (said: Said) => void): Channel;
  /** Holds a name that only one tab can hold, until the work is done. Rejects if that is given up, or if another tab takes the name over. */
  hold(name: string, work: () => Promise<void>, how: { signal: AbortSignal } | { steal: true }): Promise<void>;
  hasFocus(): boolean;
}

/** The browser's own; null where it lacks locks or channels, as on an insecure page. */
export function browserWorld(): World | null {
  if (!("locks" in navigator) || typeof BroadcastChannel === "undefined") return null;
  return {
    id: newId("tab"),
    channel(name, hear) {
      const channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => hear(data as Said);
      return { post: (said) => channel.postMessage(said), close: () => channel.close() };
    },
    async hold(name, work, how) {
      await navigator.locks.request(name, how, work);
    },
    hasFocus: () => document.hasFocus(),
  };
}
