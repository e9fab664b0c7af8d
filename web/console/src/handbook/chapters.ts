import type { Language } from "@yingda/antd";
import type { Me } from "@yingda/api/types";
import { chapters, type Chapter } from "./names";

const texts = import.meta.glob<string>("../../../../docs/handbook/*.md", { query: "?raw", import: "default" });
const pictures = import.meta.glob<string>("../../../../docs/handbook/pictures/*.webp", {
  query: "?url",
  import: "default",
  eager: true,
});
const folder = "../../../../docs/handbook";

/** The chapter for a user who does not ask for a particular one. */
export const chapterOf = (me: Pick<Me, "permissions">): Chapter => {
  if (me.permissions.includes("settings")) return "administrator";
  return me.permissions.includes("panel") || me.permissions.includes("people.manage") ? "manager" : "agent";
};

export async function readChapter(chapter: Chapter, language: Language): Promise<string> {
  const read = texts[`${folder}/${chapter}.${language}.md`];
  if (!read) throw new Error(`the handbook has no ${chapter} in ${language}`);
  return read();
}

/** The URL of a picture of the handbook, by the path its chapter names. */
export const pictureAt = (path: string): string | undefined => pictures[`${folder}/${path}`];

/** The chapter that a link of the handbook leads to, or undefined if it leads elsewhere. */
export function chapterAt(href: string): Chapter | undefined {
  const [, name] = /^([a-z]+)\.(?:en|zh-CN)\.md$/.exec(href) ?? [];
  return chapters.find((chapter) => chapter === name);
}
