import type { IconName } from "../lib/icon";
import type { Usable } from "../lib/receiver";
import type { Picked } from "./recent";

/** What can be picked. */
export interface Item {
  id: string;
  icon: IconName;
  title: string;
  note: string;
  also: string;
  /** What is kept of it among the last picks. */
  picked: Picked;
  run(): void;
  /** Puts it into the open conversation, if that can be done. */
  use?: { kind: Usable["kind"]; run(): void };
}

/** Items with a heading. */
export interface Group {
  id: string;
  items: readonly Item[];
}
