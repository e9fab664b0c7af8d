/** The search parameters of the live panel: the window, and the number whose list is open. */
export type PanelWindow = "today" | "last_60";
export interface PanelSearch {
  window?: PanelWindow;
  open?: string;
  from?: number;
  /** Only what was counted in this queue. */
  queue?: string;
}

export const panelSearch = (search: Record<string, unknown>): PanelSearch => ({
  ...(search.window === "last_60" ? { window: "last_60" } : {}),
  ...(typeof search.open === "string" && /^[a-z_]{1,40}$/.test(search.open) ? { open: search.open } : {}),
  ...(typeof search.from === "number" ? { from: search.from } : {}),
  ...(typeof search.queue === "string" ? { queue: search.queue } : {}),
});
