import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import { useChange } from "./mutations";

/** One's own lessons about the console, and when each was finished. */
export const lessons = queryOptions({
  queryKey: ["lessons"],
  queryFn: ({ signal }) => call("GET", "/lessons", { signal }),
});

export const useFinishLesson = () =>
  useChange([lessons.queryKey], (lesson: string) => call("POST", "/lessons/{lesson}/finish", { path: { lesson } }));
