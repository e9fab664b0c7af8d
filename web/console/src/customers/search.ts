import { searchOf } from "../lib/search-of";

export interface CustomersSearch {
  q?: string;
  /** The label that all have who are shown. */
  label?: string;
}

export const customersSearch = (search: Record<string, unknown>): CustomersSearch =>
  searchOf({ q: /\S/, label: /^lbl_[0-9a-f]{32}$/ }, search) as CustomersSearch;
