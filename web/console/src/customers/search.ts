import { searchOf } from "../lib/search-of";

export interface CustomersSearch {
  q?: string;
}

export const customersSearch = (search: Record<string, unknown>): CustomersSearch =>
  searchOf({ q: /\S/ }, search) as CustomersSearch;
