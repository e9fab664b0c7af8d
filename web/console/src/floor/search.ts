/** The search parameter of the floor: the conversation that is shown beside it. */
export interface FloorSearch {
  open?: string;
}

export const floorSearch = (search: Record<string, unknown>): FloorSearch =>
  typeof search.open === "string" && /^cnv_\w{1,40}$/.test(search.open) ? { open: search.open } : {};
