import type { Me } from "@yingda/api/types";
import type { AreaId, FeaturePage } from "../lib/features";
import type { IconName } from "../lib/icon";
import { pages as made } from "../made/pages";

type Declared = (typeof made)[number];
/** A page of the console. Its name is the text `areas:page.<id>`. */
export type Page = Omit<FeaturePage, "after" | "name" | "also" | "help"> & Pick<Declared, "id" | "to">;

interface AreaOf {
  id: AreaId;
  icon: IconName;
  /** On the rail, at its foot, or in the member's own menu. */
  at: "rail" | "foot" | "me";
  /** The address that opens the first of its pages. */
  home: string;
}
export interface Area extends AreaOf {
  pages: readonly Page[];
}

/** All pages; within an area they have the order in which their features say that they stand. */
const declared: readonly Page[] = made;

const areaOf = (id: AreaId, icon: IconName, at: Area["at"], home: string): Area => ({
  id,
  icon,
  at,
  home,
  pages: declared.filter(({ area }) => area === id),
});

/**
 * All pages, by area of work, in the order of the rail: what leads comes before the work that is led, so that everybody begins with the first of what they may
 * open. The rail, the second level, the bar of phones, the palette, the permission to open a page and the redirects from former addresses are derived from this
 * list, and it from what the features say.
 */
export const areas: readonly Area[] = [
  areaOf("floor", "headset", "rail", "/floor"),
  areaOf("inbox", "message", "rail", "/inbox"),
  areaOf("customers", "users", "rail", "/customers"),
  areaOf("records", "history", "rail", "/records"),
  areaOf("bot", "bot", "rail", "/bot"),
  areaOf("reports", "chart", "rail", "/reports"),
  areaOf("goods", "bag", "rail", "/goods"),
  areaOf("settings", "settings", "foot", "/settings"),
  areaOf("me", "user", "me", "/sessions"),
];
export const pages: readonly Page[] = areas.flatMap((area) => area.pages);

/** Whether an address is this one or lies under it. */
export const lies = (pathname: string, under: string) => pathname === under || pathname.startsWith(`${under}/`);
const longest = <T extends { to: string }>(found: readonly T[]) =>
  found.reduce<T | null>((best, one) => (best !== null && best.to.length >= one.to.length ? best : one), null);

/** The page an address belongs to. */
export const pageAt = (pathname: string): Page | null => longest(pages.filter((page) => lies(pathname, page.to)));
/** The area an address belongs to. */
export const areaAt = (pathname: string): Area | null => {
  const page = pageAt(pathname);
  return areas.find((area) => (page ? area.pages.includes(page) : lies(pathname, area.home))) ?? null;
};

type Who = Pick<Me, "permissions">;
export const mayOpen = (me: Who, { needs }: Page) =>
  needs === null || [needs].flat().some((one) => me.permissions.includes(one));
/** The pages of an area that this member may open, without those that are offered only for a time. */
export const openPages = (me: Who, area: Area) => area.pages.filter((page) => !page.isTemporary && mayOpen(me, page));
/** Those that are offered only for a time. */
export const temporaryPages = (me: Who, area: Area) =>
  area.pages.filter((page) => page.isTemporary && mayOpen(me, page));

/** How an area is offered to a member: on the rail, those who may open only one of several pages see that page's name. */
export interface Entry {
  area: Area;
  icon: IconName;
  /** The key of its name in `areas`. */
  word: string;
  /** The first page this member may open. */
  to: Page["to"];
  /** More than one page: they have a second level. */
  many: boolean;
}

/** The areas with a page that this member may open, in the order of the rail; what is in the member's own menu is not among them. */
export const entries = (me: Who): Entry[] =>
  areas
    .filter((area) => area.at !== "me")
    .flatMap((area) => {
      const open = openPages(me, area);
      const [first] = open;
      if (!first) return [];
      const alone = area.at === "rail" && open.length === 1 && area.pages.length > 1;
      return [
        {
          area,
          icon: alone ? first.icon : area.icon,
          word: alone ? `page.${first.id}` : `area.${area.id}`,
          to: first.to,
          many: open.length > 1,
        },
      ];
    });

/** The areas whose own address is no page: it leads to the first page that the member may open. */
export const areasWithoutHome = areas.filter(({ home }) => !pages.some((page) => page.to === home));

/** Where a member begins: with the first page of the rail, but for customers, who are looked up rather than begun with. */
export const startOf = (me: Who): Page["to"] =>
  entries(me).find(({ area }) => area.id !== "customers")?.to ?? "/sessions";
