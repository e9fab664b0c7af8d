/** The search parameters of the pages about queues. */
export interface QueuesSearch {
  /** The queue that is shown alone. */
  queue?: string;
  /** The waiting conversation shown beside the list. */
  open?: string;
}
export interface LeftSearch {
  queue?: string;
  done?: true;
}

const queueOf = ({ queue }: Record<string, unknown>) =>
  typeof queue === "string" && /^que_[0-9a-f]{32}$/.test(queue) ? { queue } : {};

export const queuesSearch = (search: Record<string, unknown>): QueuesSearch => ({
  ...queueOf(search),
  ...(typeof search.open === "string" && /^cnv_\w+$/.test(search.open) ? { open: search.open } : {}),
});
export const alertsSearch = (search: Record<string, unknown>): { done?: true } =>
  search.done === true ? { done: true } : {};
export const leftSearch = (search: Record<string, unknown>): LeftSearch => ({
  ...queueOf(search),
  ...(search.done === true ? { done: true } : {}),
});
