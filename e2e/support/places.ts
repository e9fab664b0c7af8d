import { pages } from "../../web/console/src/made/pages.ts";
import shows from "../../web/console/src/made/shows.json" with { type: "json" };
import type { Role } from "./server";
import type { Words } from "./words";

/** A page of the console, and the button on it that opens a form. */
export interface Place {
  path: string;
  form?: string;
}

type ConsolePage = (typeof pages)[number];
/** The page of the console that an address belongs to. */
export const pageOf = (address: string): ConsolePage | undefined =>
  pages.filter(({ to }) => isBelow(address, to)).sort((one, other) => other.to.length - one.to.length)[0];

const placesOf = (page: ConsolePage, t: Words): Place[] => {
  const { form, more = [] } = (shows as Record<string, { form?: string; more?: string[] }>)[page.id] ?? {};
  return [{ path: page.to, ...(form ? { form: t.console(form) } : {}) }, ...more.map((path) => ({ path }))];
};
const inAreas = (...areas: ConsolePage["area"][]) => {
  const those = pages.filter(({ area }) => areas.includes(area));
  return (t: Words): Place[] => those.flatMap((page) => placesOf(page, t));
};

/** The pages inside the console's frame, in groups, and who opens them: what the features say. */
export const consolePlaces: [name: string, role: Role, places: (t: Words) => Place[]][] = [
  ["inbox, customers, records and goods", "manager", inAreas("inbox", "customers", "records", "goods")],
  ["bot", "administrator", inAreas("bot")],
  ["panels and reports", "manager", inAreas("floor", "reports")],
  ["settings and one's own", "administrator", inAreas("settings", "me")],
];

/** The pages of the console that are about one of many. */
export const ofOne = {
  conversation: "/inbox/$conversation",
  board: "/reports/boards/$board",
  cameBack: "/single-sign-on/$company",
} as const;

/** The pages of the console outside its frame. */
export const outsidePlaces = [
  "/sign-in",
  "/forgot",
  "/open",
  "/operator",
  ofOne.cameBack.replace("$company", "tnt_1"),
  "/welcome",
  "/wall",
] as const;

/** The pages of the hall, by the names of its routes. */
export const hallPlaces = {
  home: "/",
  goods: "/goods",
  product: "/goods/g-001",
  plans: "/plans",
  search: "/search?q=5G",
  "sign-in": "/sign-in",
  register: "/register",
  forgot: "/forgot",
  reset: "/reset",
  account: "/account",
  recommendations: "/recommendations",
  privacy: "/privacy",
  talk: "/account/conversations/$conversation",
  missing: "/nothing/here",
} as const;

/** The pages that `make sweep` was asked for, by their addresses. */
export const asked = (process.env.PAGES ?? "").split(/\s+/).filter((one) => one !== "");

/** Whether a sweep opens an address: any, or what it was asked for and what lies below it. */
export const isAsked = (address: string): boolean => asked.length === 0 || asked.some((one) => isBelow(address, one));

/** Whether an address is that of a page, or one below it. */
export const isBelow = (address: string, page: string): boolean =>
  address === page || address.startsWith(`${page}?`) || address.startsWith(`${page}/`);
