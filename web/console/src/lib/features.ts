import type { CompanyKind } from "@yingda/api/kinds";
import type { Permission } from "@yingda/api/types";
import type { IconName } from "./icon";

/** The areas of work; `shell/areas` has them in the order of the rail. */
export type AreaId = "floor" | "inbox" | "customers" | "records" | "bot" | "reports" | "goods" | "settings" | "me";

/** A part of the handbook: its chapter, its heading, and the permission without which it says nothing that its reader could do. */
export type HelpPart = readonly [chapter: "agent" | "manager" | "administrator", heading: string, needs?: Permission];

/** A page of the console; its route is in a `route.ts` of the same folder. */
export interface FeaturePage {
  id: string;
  area: AreaId;
  /** The page of this area that it stands after; none for the first. */
  after?: string;
  /** Its group in the second level, named by the text `areas:group.<id>`; pages of a group stand together. */
  group?: string;
  to: string;
  icon: IconName;
  /** The permission without which it is neither offered nor shown; of several, one is enough. */
  needs: Permission | readonly Permission[] | null;
  /** Its former addresses; what follows them stays, and the part after `?` is a condition that is dropped. */
  was?: readonly string[];
  /** The second level stands above the page's own list while there is no room for it as a column. */
  second?: "list";
  /** It needs the width: unless the member wants them, the words of the second level are left out in a window of less than 104 rem. */
  hasThreePanes?: true;
  /** It is offered only for a time, before the other pages of its area, and never the first that is opened there. */
  isTemporary?: true;
  name: { en: string; "zh-CN": string };
  /** What else people call it, in both languages, by which the palette finds it. */
  also: string;
  /** What the handbook says about it, the most important first; a part includes the smaller ones below it. */
  help: readonly [HelpPart, ...HelpPart[]];
}

/** What a `feature.ts` says of its folder; `build/collect.mjs` finds it. */
export interface Feature {
  pages: readonly FeaturePage[];
  /** The beginnings of the keys of its queries that are read again when something of the company changes. */
  reloads?: Partial<Record<CompanyKind, readonly (readonly string[])[]>>;
}

/** For the stories, by page: the text of the button that opens a form on it, and further addresses at which it shows something else. */
export type Shows = Record<string, { form?: string; more?: readonly string[] }>;
