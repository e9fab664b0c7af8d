/** The search parameters of the sign-in page. */
export interface SignInSearch {
  next?: string;
  why?: "revoked";
  company?: string;
}

export const forgotSearch = (search: Record<string, unknown>): Pick<SignInSearch, "company"> =>
  typeof search.company === "string" && search.company !== "" ? { company: search.company.slice(0, 100) } : {};

export const signInSearch = (search: Record<string, unknown>): SignInSearch => ({
  ...(typeof search.next === "string" && search.next.startsWith("/") && !search.next.startsWith("//")
    ? { next: search.next }
    : {}),
  ...(search.why === "revoked" ? { why: "revoked" } : {}),
  ...forgotSearch(search),
});
