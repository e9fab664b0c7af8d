/** The search parameters of the sign-in page. */
export interface SignInSearch {
  next?: string;
  why?: "revoked";
}

/** What an identity provider adds to the address of the page that it sends the browser back to. */
export interface CameBack {
  state?: string;
  code?: string;
  error?: string;
  iss?: string;
}

/** Every value is text, also one that looks like a number: the router would round it. */
export function cameBack(search: Record<string, unknown>): CameBack {
  const raw = new URLSearchParams(window.location.search);
  const text = (name: keyof CameBack): CameBack => {
    const value = search[name];
    if (value === undefined) return {};
    return { [name]: typeof value === "string" ? value : (raw.get(name) ?? String(value)) };
  };
  return { ...text("state"), ...text("code"), ...text("error"), ...text("iss") };
}

/** The page that is wanted after signing in. */
export const welcomeSearch = (search: Record<string, unknown>): Pick<SignInSearch, "next"> =>
  typeof search.next === "string" && search.next.startsWith("/") && !search.next.startsWith("//")
    ? { next: search.next }
    : {};

export const signInSearch = (search: Record<string, unknown>): SignInSearch => ({
  ...welcomeSearch(search),
  ...(search.why === "revoked" ? { why: "revoked" } : {}),
});
