import type { Query } from "@yingda/api/operations";
import { day, searchOf } from "../lib/search-of";

/** What conversations are narrowed by; days are in the company's time zone. */
export type RecordFilter = Pick<
  Query<"GET", "/records">,
  "q" | "from" | "to" | "customer" | "agent" | "queue" | "rating" | "outcome"
>;

export type RecordsSearch = RecordFilter & {
  /** The conversation that is read beside the list. */
  open?: string;
  /** The number of the line at which it is opened. */
  note?: number;
};

/** The server says what is wrong with a name that it does not know. */
const name = /^\w+$/;
const forms = {
  q: /\S/,
  from: day,
  to: day,
  customer: name,
  agent: name,
  queue: name,
  rating: name,
  outcome: name,
  open: name,
  note: /^\d+$/,
};

export const recordsSearch = (search: Record<string, unknown>): RecordsSearch => {
  const { note, ...found } = searchOf(forms, search);
  return { ...(found as RecordsSearch), ...(note ? { note: Number(note) } : {}) };
};
