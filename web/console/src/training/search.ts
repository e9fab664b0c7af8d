/** What the list of the team shows: those who have not finished, or have; of a lesson, or of any. */
export interface TrainingSearch {
  lesson?: string;
  show?: "open" | "finished";
}

export const trainingSearch = (search: Record<string, unknown>): TrainingSearch => ({
  ...(typeof search.lesson === "string" && search.lesson !== "" ? { lesson: search.lesson } : {}),
  ...(search.show === "open" || search.show === "finished" ? { show: search.show } : {}),
});
