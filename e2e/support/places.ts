import type { Role } from "./server";
import type { Words } from "./words";

/** A page of the console, and the button on it that opens a form. */
export interface Place {
  path: string;
  form?: string;
}

/** The pages inside the console's frame, in groups, and who opens them. Every route is here or in one of the tables below: a tidy test compares them. */
export const consolePlaces: [name: string, role: Role, places: (t: Words) => Place[]][] = [
  [
    "desk, queues and goods",
    "manager",
    (t) => [
      { path: "/inbox" },
      { path: "/inbox/queues" },
      { path: "/inbox/left" },
      { path: "/inbox/alerts" },
      { path: "/goods", form: t.console("goods.import") },
      { path: "/goods?open=g-001" },
      { path: "/goods/plans", form: t.console("plans.new") },
    ],
  ],
  [
    "answers and canned replies",
    "manager",
    (t) => [
      { path: "/bot/answers", form: t.console("knowledge.new") },
      { path: "/bot/answers?entry=kb-002" },
      { path: "/bot/answers?view=proposed" },
      { path: "/bot/answers?view=suspects" },
      { path: "/bot/answers?view=tests" },
      { path: "/bot/recommendations" },
      { path: "/bot/synonyms", form: t.console("curate.synonyms.new") },
      { path: "/bot/graph", form: t.console("curate.graph.units") },
      { path: "/bot/graph?item=g-003" },
      { path: "/bot/canned-replies", form: t.console("canned.new") },
    ],
  ],
  [
    "panels and handbook",
    "manager",
    (t) => [
      { path: "/floor/now" },
      { path: "/floor/live" },
      { path: "/reports/history" },
      { path: "/reports/boards", form: t.console("boards.new") },
      { path: "/reports/bot?days=30" },
      { path: "/reports/bot/sample" },
      { path: "/settings/response-times" },
      { path: "/settings/jobs" },
      { path: "/floor/wall", form: t.console("panel.wall.new") },
      { path: "/handbook" },
    ],
  ],
  [
    "settings and sessions",
    "administrator",
    (t) => [
      { path: "/settings/start" },
      { path: "/settings/people", form: t.console("settings.person.invite") },
      { path: "/settings/groups", form: t.console("settings.group.new") },
      { path: "/settings/departments", form: t.console("settings.department.new") },
      { path: "/settings/roles", form: t.console("settings.role.new") },
      { path: "/settings/sign-in" },
      { path: "/settings/tokens", form: t.console("tokens.new") },
      { path: "/settings/privacy" },
      { path: "/settings/queues", form: t.console("settings.queue.new") },
      { path: "/settings/skills", form: t.console("settings.skill.new") },
      { path: "/settings/question-kinds", form: t.console("settings.question.new") },
      { path: "/settings/floor" },
      { path: "/settings/blocks" },
      { path: "/settings/company" },
      { path: "/settings/labels" },
      { path: "/settings/sites", form: t.console("settings.site.new") },
      { path: "/bot/embeddings" },
      { path: "/settings/audit" },
      { path: "/settings/webhooks", form: t.console("webhooks.new") },
      { path: "/settings/single-sign-on", form: t.console("sso.new") },
      { path: "/sessions" },
      { path: "/announcements" },
      { path: "/training" },
      { path: "/practice" },
    ],
  ],
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
