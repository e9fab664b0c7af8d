/** The list of the desk that an address shows. */
export type DeskList = "mine" | "queue" | "resolved";

export const deskSearch = (search: Record<string, unknown>): { list?: DeskList } =>
  search.list === "queue" || search.list === "resolved" ? { list: search.list } : {};
