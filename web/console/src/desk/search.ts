/** The list of the desk that an address shows. */
export type DeskList = "mine" | "queue" | "resolved";

/** `note` is the number of the note at which the conversation is opened. */
export const deskSearch = (search: Record<string, unknown>): { list?: DeskList; note?: number } => ({
  ...(search.list === "queue" || search.list === "resolved" ? { list: search.list } : {}),
  ...(typeof search.note === "number" && Number.isSafeInteger(search.note) && search.note > 0
    ? { note: search.note }
    : {}),
});
