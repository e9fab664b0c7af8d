import type { MemberStatus } from "@yingda/api/types";

/** The search parameters of the staff list. */
export interface PeopleSearch {
  q?: string;
  role?: string;
  group?: string;
  status?: MemberStatus;
}

const peopleSearch = (search: Record<string, unknown>): PeopleSearch => ({
  ...(typeof search.q === "string" && search.q !== "" ? { q: search.q } : {}),
  ...(typeof search.role === "string" ? { role: search.role } : {}),
  ...(typeof search.group === "string" ? { group: search.group } : {}),
  ...(search.status === "invited" || search.status === "active" || search.status === "disabled"
    ? { status: search.status }
    : {}),
});

/** The same with the form that an address opens. */
export interface PeoplePlace extends PeopleSearch {
  open?: "new";
}

export const peoplePlace = (search: Record<string, unknown>): PeoplePlace => ({
  ...peopleSearch(search),
  ...(search.open === "new" ? { open: search.open } : {}),
});
