/** The search parameters of the queues page. */
export type QueuesTab = "waiting" | "left";
export interface QueuesSearch {
  tab?: "left";
  queue?: string;
  done?: true /** The waiting conversation shown beside the list. */;
  open?: string;
}

export const queuesSearch = (search: Record<string, unknown>): QueuesSearch => ({
  ...(search.tab === "left" ? { tab: "left" } : {}),
  ...(typeof search.queue === "string" && /^que_[0-9a-f]{32}$/.test(search.queue) ? { queue: search.queue } : {}),
  ...(search.done === true ? { done: true } : {}),
  ...(typeof search.open === "string" && /^cnv_\w+$/.test(search.open) ? { open: search.open } : {}),
});
