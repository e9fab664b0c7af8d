import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { EntryFilter } from "./queries";
import type { AnswersSearch } from "./search";

export type Address = ReturnType<typeof useAddress>;

/** What the address of the answers page says, and how it is changed; what is empty does not stand there. */
export function useAddress(publishes: boolean) {
  const navigate = useNavigate();
  const search = useSearch({ from: "/inside/bot/answers" });
  const filter: EntryFilter = {
    q: search.q ?? "",
    category: search.category ?? "",
    state: search.state ?? "",
    sort: search.sort ?? "",
  };
  const go = useCallback(
    (change: AnswersSearch, replace = false) => {
      void navigate({
        to: "/bot/answers",
        replace,
        search: (before) =>
          Object.fromEntries(
            Object.entries({ ...before, ...change }).filter(
              ([, value]) => value !== "" && value !== undefined && value !== "entries",
            ),
          ) as AnswersSearch,
      });
    },
    [navigate],
  );
  const view: NonNullable<AnswersSearch["view"]> =
    search.view === "tests" && !publishes ? "entries" : (search.view ?? "entries");
  return { search, filter, view, selected: search.entry ?? null, go };
}
