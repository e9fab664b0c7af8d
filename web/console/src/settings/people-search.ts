import type { MemberStatus } from "@yingda/api/types";

/** The search parameters of the staff list. */
export interface PeopleSearch {
  q?: string;
  role?: string;
  group?: string;
  department?: string;
  status?: MemberStatus;
}

/** The states by which the list can be filtered; without one, all but the removed are shown. */
export const statuses: readonly MemberStatus[] = ["active", "invited", "disabled", "removed"];

const peopleSearch = (search: Record<string, unknown>): PeopleSearch => ({
  ...(typeof search.q === "string" && search.q !== "" ? { q: search.q } : {}),
  ...(typeof search.role === "string" ? { role: search.role } : {}),
  ...(typeof search.group === "string" ? { group: search.group } : {}),
  ...(typeof search.department === "string" ? { department: search.department } : {}),
  ...(statuses.includes(search.status as MemberStatus) ? { status: search.status as MemberStatus } : {}),
});

/** The same with the form that an address opens. */
export interface PeoplePlace extends PeopleSearch {
  open?: "new";
}

export const peoplePlace = (search: Record<string, unknown>): PeoplePlace => ({
  ...peopleSearch(search),
  ...(search.open === "new" ? { open: search.open } : {}),
});
