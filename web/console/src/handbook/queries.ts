import { queryOptions } from "@tanstack/react-query";
import type { Language } from "@yingda/antd";
import { readChapter } from "./chapters";
import type { Chapter } from "./names";

/** The text of a chapter, which changes with the program only. */
export const chapterText = (chapter: Chapter, language: Language) =>
  queryOptions({
    queryKey: ["handbook", chapter, language],
    queryFn: () => readChapter(chapter, language),
    staleTime: Infinity,
  });
