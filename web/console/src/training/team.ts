import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Answer } from "@yingda/api/operations";
import { lessons } from "../lib/lessons";
import type { TrainingSearch } from "./search";

export type Team = Answer<"GET", "/lessons/team">;
export type MemberLessons = Team["items"][number];

/** The lessons of those whom the reader manages. */
export const team = queryOptions({
  queryKey: [...lessons.queryKey, "team"],
  queryFn: ({ signal }) => call("GET", "/lessons/team", { signal }),
});

/** A member's lesson; undefined if they do not have it. */
export const lessonBy = ({ lessons: all }: MemberLessons, lesson: string) => all.find((one) => one.lesson === lesson);

/** Those whom a search is about. Whoever has several lessons has finished when the last of them is. */
export const wanted = (all: readonly MemberLessons[], { lesson, show }: TrainingSearch): readonly MemberLessons[] =>
  all.filter((member) => {
    const asked = member.lessons.filter((one) => lesson === undefined || one.lesson === lesson);
    const isOpen = asked.some(({ finished_at }) => finished_at === null);
    return asked.length > 0 && (show === undefined || (show === "open") === isOpen);
  });
