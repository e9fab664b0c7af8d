/** The search parameters of the canned replies; `open` begins a new one. */
export interface CannedSearch {
  q?: string;
  open?: "new";
  /** Which list is shown, if it is not that of the replies. */
  tab?: "macros";
}

export const cannedSearch = (search: Record<string, unknown>): CannedSearch => ({
  ...(typeof search.q === "string" && search.q !== "" ? { q: search.q } : {}),
  ...(search.open === "new" ? { open: search.open } : {}),
  ...(search.tab === "macros" ? { tab: search.tab } : {}),
});
