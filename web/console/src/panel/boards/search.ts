import { splits, type SplitBy } from "../history/search";

/** The search parameters of a board: the list that is open, of which indicator, from when, until when, and of which part (empty for none). */
export interface BoardSearch {
  open?: string;
  at?: number;
  until?: number;
  split?: SplitBy;
  part?: string;
}

export const boardSearch = (search: Record<string, unknown>): BoardSearch =>
  typeof search.open === "string" &&
  /^[a-z_]{1,40}$/.test(search.open) &&
  typeof search.at === "number" &&
  typeof search.until === "number"
    ? {
        open: search.open,
        at: search.at,
        until: search.until,
        ...(splits.some((one) => one === search.split) && typeof search.part === "string"
          ? { split: search.split as SplitBy, part: search.part }
          : {}),
      }
    : {};
