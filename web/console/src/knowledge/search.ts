import type { LearningReason } from "@yingda/api/types";
import type { EntryFilter } from "./queries";

/** Why a question is worth teaching, strongest first. */
export const reasons = [
  "not_helpful",
  "handed_over",
  "chosen",
  "unanswered",
  "unsure",
] as const satisfies readonly LearningReason[];

/** The search parameters of the answers page. */
export interface AnswersSearch {
  entry?: string;
  view?: "entries" | "proposed" | "suspects" | "tests";
  q?: string;
  category?: string;
  state?: EntryFilter["state"];
  sort?: EntryFilter["sort"];
  /** With `proposed`: the place of a question, `conversation.seq`. */
  asked?: string;
  /** With `proposed`: why the questions are worth teaching. */
  reason?: LearningReason;
  /** The dialog that an address opens. */
  open?: "import";
}

const answersWords = (search: Record<string, unknown>, ...names: (keyof AnswersSearch)[]) =>
  Object.fromEntries(
    names.flatMap((name) => (typeof search[name] === "string" && search[name] !== "" ? [[name, search[name]]] : [])),
  );

export const answersSearch = (search: Record<string, unknown>): AnswersSearch => ({
  ...answersWords(search, "entry", "q", "category", "state", "sort", "asked"),
  ...(search.view === "proposed" || search.view === "suspects" || search.view === "tests" ? { view: search.view } : {}),
  ...(reasons.some((one) => one === search.reason) ? { reason: search.reason as LearningReason } : {}),
  ...(search.open === "import" ? { open: search.open } : {}),
});
