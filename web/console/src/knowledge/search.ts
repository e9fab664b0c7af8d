import type { EntryFilter } from "./queries";

/** The search parameters of the answers page. */
export interface AnswersSearch {
  entry?: string;
  view?: "entries" | "proposed" | "tests";
  q?: string;
  category?: string;
  state?: EntryFilter["state"];
  sort?: EntryFilter["sort"] /** With `proposed`: the place of a question, `conversation.seq`. */;
  asked?: string;
}

const answersWords = (search: Record<string, unknown>, ...names: (keyof AnswersSearch)[]) =>
  Object.fromEntries(
    names.flatMap((name) => (typeof search[name] === "string" && search[name] !== "" ? [[name, search[name]]] : [])),
  );

export const answersSearch = (search: Record<string, unknown>): AnswersSearch => ({
  ...answersWords(search, "entry", "q", "category", "state", "sort", "asked"),
  ...(search.view === "proposed" || search.view === "tests" ? { view: search.view } : {}),
});
