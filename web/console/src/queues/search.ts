import { searchOf } from "../lib/search-of";
import { kinds, type Kind } from "./kinds";

/** The search parameters of the pages about queues. */
export interface QueuesSearch {
  /** The queue that is shown alone. */
  queue?: string;
  /** The waiting conversation shown beside the list. */
  open?: string;
}
export interface FeedbackSearch {
  queue?: string;
  kind?: Kind;
  done?: true;
}

const queue = /^que_[0-9a-f]{32}$/;

export const queuesSearch = (search: Record<string, unknown>): QueuesSearch =>
  searchOf({ queue, open: /^cnv_\w+$/ }, search);
const done = (search: Record<string, unknown>) => (search.done === true ? ({ done: true } as const) : {});
export const alertsSearch = done;
export const feedbackSearch = (search: Record<string, unknown>): FeedbackSearch => ({
  ...searchOf({ queue }, search),
  ...(kinds.some((kind) => kind === search.kind) ? { kind: search.kind as Kind } : {}),
  ...done(search),
});
