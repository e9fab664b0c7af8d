import type { Language } from "@yingda/antd";
import type { Permission } from "@yingda/api/types";
import type { IconName } from "../lib/icon";
import type { Usable } from "../lib/receiver";
import type { Page } from "./areas";

/** Something that a search found, and the address at which it is shown. */
export interface Found {
  id: string;
  title: string;
  note: string;
  at: { to: Page["to"]; search: Record<string, string> };
  /** What of it can be put into the open conversation, if anything. */
  use?: Usable;
}

/** A search over a list of the server: the palette shows what it finds as a group, named by the text `palette:group.<id>`. */
export interface Search {
  id: string;
  icon: IconName;
  /** The permissions without any of which nothing is asked; none if anybody may ask. */
  needs: readonly Permission[];
  find(words: string, how: { language: Language; signal: AbortSignal }): Promise<Found[]>;
}
