import type { Language } from "@yingda/antd";
import type { Permission } from "@yingda/api/types";
import type { IconName } from "../lib/icon";
import type { Page } from "./areas";

/** Something that a search found, and the address at which it is shown. */
export interface Found {
  id: string;
  title: string;
  note: string;
  at: { to: Page["to"]; search: Record<string, string> };
}

/** A search over a list of the server: the palette shows what it finds as a group, named by the text `palette:group.<id>`. */
export interface Search {
  id: string;
  icon: IconName;
  /** The permission without which nothing is asked. */
  needs: Permission | null;
  find(words: string, how: { language: Language; signal: AbortSignal }): Promise<Found[]>;
}
