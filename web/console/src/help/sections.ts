import type { Me, Permission } from "@yingda/api/types";
import type { Chapter } from "../handbook/names";
import type { HelpPart } from "../lib/features";
import help from "../made/help.json";
import type { Page } from "../shell/areas";

/** A part of the handbook, by its heading, which is the text `help:section.<heading>`. */
export interface Section {
  chapter: Chapter;
  heading: string;
  /** The permission without which it says nothing that its reader could do. */
  needs?: Permission;
}

/** What the handbook says about each page. */
export const sections = help as unknown as Record<Page["id"], readonly HelpPart[]>;

/** What the handbook says to somebody about a page; about no page in particular, how the console is learned. */
export const sectionsOf = (page: Page["id"] | null, { permissions }: Pick<Me, "permissions">): readonly Section[] =>
  sections[page ?? "training"]
    .map(([chapter, heading, needs]): Section => ({ chapter, heading, ...(needs ? { needs } : {}) }))
    .filter(({ needs }) => needs === undefined || permissions.includes(needs));

/** The part of a text below a heading, with it: up to the next heading of its level or above. Undefined if there is no such heading. */
export function sectionIn(text: string, heading: string): string | undefined {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line === `## ${heading}` || line === `### ${heading}`);
  const first = lines[from];
  if (first === undefined) return undefined;
  const ends = first.startsWith("###") ? /^#{1,3} / : /^#{1,2} /;
  const length = lines.slice(from + 1).findIndex((line) => ends.test(line));
  return lines
    .slice(from, length === -1 ? undefined : from + 1 + length)
    .join("\n")
    .trim();
}
