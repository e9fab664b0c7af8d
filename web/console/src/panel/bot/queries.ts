import { queryOptions } from "@tanstack/react-query";
import { call } from "@yingda/api/client";
import type { Body } from "@yingda/api/operations";
import { useChange } from "../../lib/mutations";
import { ofBands, ofEntries, wholes } from "./model";

/** How often the numbers are read again, in milliseconds. */
const AGAIN = 5_000;

type Range = { from: string; to: string } | { days: number; to: string };
const key = ["metrics", "bot"] as const;

const read = (
  name: string,
  keys: readonly string[],
  range: Range,
  more: { split?: "entry" | "band"; compare?: "previous" },
) =>
  queryOptions({
    queryKey: [...key, name, range],
    queryFn: ({ signal }) => call("GET", "/metrics", { query: { ...range, ...more, keys: keys.join(",") }, signal }),
    refetchInterval: AGAIN,
  });

export const botNumbers = (range: Range) => read("wholes", wholes, range, { compare: "previous" });
export const botEntries = (range: Range) => read("entries", ofEntries, range, { split: "entry" });
export const botBands = (range: Range) => read("bands", ofBands, range, { split: "band" });

export const answerSample = queryOptions({
  queryKey: ["bot-answers", "sample"],
  queryFn: ({ signal }) => call("GET", "/bot-answers/sample", { signal }),
  // Whoever judges goes through what was drawn; it is drawn again when that is done.
  staleTime: Infinity,
  gcTime: 0,
});

export const useJudge = () =>
  useChange(
    [key],
    (body: Body<"POST", "/bot-answers/judgements">) => call("POST", "/bot-answers/judgements", { body }),
    {
      waits: false,
    },
  );
