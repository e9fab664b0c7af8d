/** The search parameters of the page. */
export interface BotSearch {
  /** The days up to today; seven if absent. */
  days?: 30 | 90;
  /** Instead: since this version of the knowledge went live, until the next. */
  version?: number;
  /** The open list: of which indicator, and of which part of what. */
  open?: string;
  by?: "entry" | "band";
  part?: string;
}

export const botSearch = (search: Record<string, unknown>): BotSearch => ({
  ...(search.days === 30 || search.days === 90 ? { days: search.days } : {}),
  ...(typeof search.version === "number" && Number.isSafeInteger(search.version) && search.version > 0
    ? { version: search.version }
    : {}),
  ...(typeof search.open === "string" && /^[a-z_]{1,40}$/.test(search.open) ? { open: search.open } : {}),
  ...(search.by === "entry" || search.by === "band" ? { by: search.by } : {}),
  ...(typeof search.part === "string" ? { part: search.part } : {}),
});
