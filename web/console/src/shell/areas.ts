import type { Me, Permission } from "@yingda/api/types";
import type { IconName } from "../lib/icon";

/** A page of the console. Its name is the text `areas:page.<id>`; its route is in the folder of its feature. */
interface PageOf {
  id: string;
  to: string;
  icon: IconName;
  /** The permission without which it is neither offered nor shown. */
  needs: Permission | null;
  /** Its former addresses; what follows them stays, and the part after `?` is a condition that is dropped. */
  was?: readonly string[];
  /** Its group in the second level, named by the text `areas:group.<id>`; pages of a group stand together. */
  group?: string;
  /** The second level stands above the page's own list while there is no room for it as a column. */
  second?: "list";
  /** It needs the width: unless the member wants them, the words of the second level are left out in a window of less than 104 rem. */
  hasThreePanes?: true;
  /** It is offered only for a time, before the other pages of its area, and never the first that is opened there. */
  isTemporary?: true;
}

interface AreaOf {
  id: string;
  icon: IconName;
  /** On the rail, at its foot, or in the member's own menu. */
  at: "rail" | "foot" | "me";
  /** The address that opens the first of its pages. */
  home: string;
  pages: readonly PageOf[];
}

/**
 * All pages, by area of work, in the order of the rail: what leads comes before the work that is led, so that everybody begins with the first of what they may
 * open. The rail, the second level, the bar of phones, the palette, the permission to open a page and the redirects from former addresses are derived from this
 * list.
 */
export const areas = [
  {
    id: "floor",
    icon: "headset",
    at: "rail",
    home: "/floor",
    pages: [
      { id: "floor", to: "/floor/now", icon: "headset", needs: "people.follow" },
      {
        id: "live",
        to: "/floor/live",
        icon: "panel",
        needs: "panel",
        was: ["/panel"],
      },
      {
        id: "wall",
        to: "/floor/wall",
        icon: "device",
        needs: "panel",
        was: ["/panel/wall"],
      },
    ],
  },
  {
    id: "inbox",
    icon: "message",
    at: "rail",
    home: "/inbox",
    pages: [
      {
        id: "desk",
        to: "/inbox",
        icon: "message",
        needs: "desk",
        second: "list",
        hasThreePanes: true,
        was: ["/desk"],
      },
      { id: "alerts", to: "/inbox/alerts", icon: "alert", needs: "desk" },
      {
        id: "queues",
        to: "/inbox/queues",
        icon: "queue",
        needs: "desk",
        was: ["/queues"],
      },
      {
        id: "left",
        to: "/inbox/left",
        icon: "bell",
        needs: "desk",
        was: ["/queues?tab=left"],
      },
    ],
  },
  {
    id: "bot",
    icon: "bot",
    at: "rail",
    home: "/bot",
    pages: [
      {
        id: "answers",
        to: "/bot/answers",
        icon: "book",
        group: "knowledge",
        needs: "knowledge.curate",
        was: ["/answers"],
      },
      {
        id: "synonyms",
        to: "/bot/synonyms",
        icon: "text",
        group: "training",
        needs: "knowledge.curate",
      },
      {
        id: "graph",
        to: "/bot/graph",
        icon: "graph",
        group: "training",
        needs: "knowledge.curate",
      },
      {
        id: "embeddings",
        to: "/bot/embeddings",
        icon: "vectors",
        group: "training",
        needs: "settings",
        was: ["/settings/embeddings"],
      },
      {
        id: "recommendations",
        to: "/bot/recommendations",
        icon: "eye",
        group: "training",
        needs: "knowledge.edit",
      },
      {
        id: "canned_replies",
        to: "/bot/canned-replies",
        icon: "bolt",
        group: "replies",
        needs: null,
        was: ["/canned-replies"],
      },
    ],
  },
  {
    id: "reports",
    icon: "chart",
    at: "rail",
    home: "/reports",
    pages: [
      {
        id: "history",
        to: "/reports/history",
        icon: "chart",
        needs: "panel",
        was: ["/panel/history"],
      },
      {
        id: "bot_report",
        to: "/reports/bot",
        icon: "bot",
        needs: "panel",
      },
      {
        id: "boards",
        to: "/reports/boards",
        icon: "tiles",
        needs: "panel",
      },
    ],
  },
  {
    id: "goods",
    icon: "bag",
    at: "rail",
    home: "/goods",
    pages: [
      {
        id: "goods",
        to: "/goods",
        icon: "bag",
        needs: "goods.edit",
      },
      {
        id: "plans",
        to: "/goods/plans",
        icon: "table",
        needs: "goods.edit",
      },
    ],
  },
  {
    id: "settings",
    icon: "settings",
    at: "foot",
    home: "/settings",
    pages: [
      { id: "start", to: "/settings/start", icon: "checks", needs: "settings", was: ["/start"], isTemporary: true },
      {
        id: "people",
        to: "/settings/people",
        icon: "user",
        group: "people",
        needs: "people.manage",
      },
      {
        id: "groups",
        to: "/settings/groups",
        icon: "users",
        group: "people",
        needs: "people.manage",
      },
      {
        id: "departments",
        to: "/settings/departments",
        icon: "graph",
        group: "people",
        needs: "people.manage",
      },
      { id: "roles", to: "/settings/roles", icon: "shield", group: "people", needs: "people.manage" },
      {
        id: "sign_in_rules",
        to: "/settings/sign-in",
        icon: "lock",
        group: "sign_in",
        needs: "settings",
      },
      {
        id: "single_sign_on",
        to: "/settings/single-sign-on",
        icon: "key",
        group: "sign_in",
        needs: "single_sign_on",
      },
      {
        id: "queue_settings",
        to: "/settings/queues",
        icon: "queue",
        group: "routing",
        needs: "queues.manage",
      },
      { id: "skills", to: "/settings/skills", icon: "bolt", group: "routing", needs: "queues.manage" },
      {
        id: "question_kinds",
        to: "/settings/question-kinds",
        icon: "message",
        group: "routing",
        needs: "queues.manage",
      },
      { id: "floor_settings", to: "/settings/floor", icon: "headset", group: "routing", needs: "queues.manage" },
      { id: "visitor_blocks", to: "/settings/blocks", icon: "mute", group: "routing", needs: "queues.manage" },
      { id: "sites", to: "/settings/sites", icon: "picture", group: "channels", needs: "settings" },
      {
        id: "company",
        to: "/settings/company",
        icon: "globe",
        group: "company",
        needs: "settings",
      },
      { id: "labels", to: "/settings/labels", icon: "tag", group: "company", needs: "settings" },
      {
        id: "webhooks",
        to: "/settings/webhooks",
        icon: "transfer",
        group: "integrations",
        needs: "integrations",
      },
      {
        id: "tokens",
        to: "/settings/tokens",
        icon: "code",
        group: "integrations",
        needs: "tokens.manage",
      },
      {
        id: "audit",
        to: "/settings/audit",
        icon: "record",
        group: "compliance",
        needs: "audit",
      },
      { id: "privacy", to: "/settings/privacy", icon: "trash", group: "compliance", needs: "erase_people" },
      {
        id: "jobs",
        to: "/settings/jobs",
        icon: "retry",
        group: "operations",
        needs: "panel",
        was: ["/reports/jobs"],
      },
      {
        id: "response_times",
        to: "/settings/response-times",
        icon: "clock",
        group: "operations",
        needs: "panel",
        was: ["/reports/response-times"],
      },
    ],
  },
  {
    id: "me",
    icon: "user",
    at: "me",
    home: "/sessions",
    pages: [
      { id: "announcements", to: "/announcements", icon: "info", needs: null },
      { id: "training", to: "/training", icon: "checks", needs: null },
      { id: "practice", to: "/practice", icon: "headset", needs: "desk" },
      { id: "sessions", to: "/sessions", icon: "device", needs: null },
      {
        id: "handbook",
        to: "/handbook",
        icon: "book",
        needs: null,
      },
    ],
  },
] as const satisfies readonly AreaOf[];

type Declared = (typeof areas)[number];
type DeclaredPage = Declared["pages"][number];
export type Page = PageOf & Pick<DeclaredPage, "id" | "to">;
export type Area = Omit<AreaOf, "pages"> & Pick<Declared, "id"> & { pages: readonly Page[] };

const allAreas: readonly Area[] = areas;
export const pages: readonly Page[] = allAreas.flatMap((area) => area.pages);

/** Whether an address is this one or lies under it. */
export const lies = (pathname: string, under: string) => pathname === under || pathname.startsWith(`${under}/`);
const longest = <T extends { to: string }>(found: readonly T[]) =>
  found.reduce<T | null>((best, one) => (best !== null && best.to.length >= one.to.length ? best : one), null);

/** The page an address belongs to. */
export const pageAt = (pathname: string): Page | null => longest(pages.filter((page) => lies(pathname, page.to)));
/** The area an address belongs to. */
export const areaAt = (pathname: string): Area | null => {
  const page = pageAt(pathname);
  return allAreas.find((area) => (page ? area.pages.includes(page) : lies(pathname, area.home))) ?? null;
};

type Who = Pick<Me, "permissions">;
export const mayOpen = (me: Who, page: Page) => page.needs === null || me.permissions.includes(page.needs);
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
  allAreas
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
export const areasWithoutHome = allAreas.filter(({ home }) => !pages.some((page) => page.to === home));

/** Where a member begins: with the first page of the rail. */
export const startOf = (me: Who): Page["to"] => entries(me)[0]?.to ?? "/sessions";
