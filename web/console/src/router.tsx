import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type RouterHistory,
} from "@tanstack/react-router";
import type { Permission } from "@yingda/api/types";
import { deskSearch } from "./desk/search";
import { goodsSearch } from "./goods/search";
import { chapters, type Chapter } from "./handbook/names";
import { answersSearch } from "./knowledge/search";
import { isProblem } from "./lib/problem";
import { loadWords } from "./lib/i18n";
import { adoptPrefs, prefs } from "./lib/prefs";
import { may, meQuery, useMe } from "./lib/session";
import { historySearch } from "./panel/history/model";
import { panelSearch } from "./panel/search";
import { queuesSearch } from "./queues/search";
import { peopleSearch } from "./settings/people-search";
import { settingsPlaces } from "./settings/places";
import { signInSearch } from "./sign-in/search";
import { Failure, NotFound, NotYours, Starting } from "./shell/states";

export interface RouterContext {
  queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Failure,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import("./sign-in/sign-in-page"), "SignInPage"),
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: lazyRouteComponent(() => import("./sign-in/welcome-page"), "WelcomePage"),
});

/** Everything below is for signed-in members; the rest of the address is kept for after sign-in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: lazyRouteComponent(() => import("./shell/shell"), "Shell"),
  pendingComponent: Starting,
  pendingMs: 200,
  errorComponent: Failure,
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      adoptPrefs(me.agent);
      await loadWords(prefs.get().language);
      return { me };
    } catch (error) {
      if (isProblem(error, "not_signed_in"))
        throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { next: location.href } });
      throw error;
    }
  },
});

/** A page that requires a permission: members without it are told so, and no requests are made in vain. */
const guarded = (permission: Permission, Page: ReturnType<typeof lazyRouteComponent>) =>
  Object.assign(() => (may(useMe(), permission) ? <Page /> : <NotYours />), { preload: Page.preload });

const start = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: ({ context }) => {
    throw redirect({
      to: context.me.role !== "agent" && context.me.permissions.includes("panel") ? "/panel" : "/desk",
    });
  },
});

const deskPage = lazyRouteComponent(() => import("./desk/desk-page"), "DeskPage");
const desk = createRoute({
  getParentRoute: () => inside,
  path: "/desk",
  component: deskPage,
  validateSearch: deskSearch,
});
const deskConversation = createRoute({ getParentRoute: () => desk, path: "/$conversation" });

const panel = createRoute({
  getParentRoute: () => inside,
  path: "/panel",
  component: guarded(
    "panel",
    lazyRouteComponent(() => import("./panel/panel-page"), "PanelPage"),
  ),
  validateSearch: panelSearch,
});
const history = createRoute({
  getParentRoute: () => inside,
  path: "/panel/history",
  component: guarded(
    "panel",
    lazyRouteComponent(() => import("./panel/history/history-page"), "HistoryPage"),
  ),
  validateSearch: historySearch,
});
const wallSetUp = createRoute({
  getParentRoute: () => inside,
  path: "/panel/wall",
  component: guarded(
    "panel",
    lazyRouteComponent(() => import("./panel/wall/set-up-page"), "WallSetUpPage"),
  ),
});
/** For a screen on the wall: outside the frame, and without sign-in if its address contains a link's secret. */
const wall = createRoute({
  getParentRoute: () => root,
  path: "/wall",
  component: lazyRouteComponent(() => import("./panel/wall/wall-page"), "WallPage"),
  beforeLoad: ({ search }) => loadWords(search.lang ?? prefs.get().language),
  validateSearch: (search: Record<string, unknown>): { lang?: "en" | "zh-CN" } =>
    search.lang === "en" || search.lang === "zh-CN" ? { lang: search.lang } : {},
});
const answers = createRoute({
  getParentRoute: () => inside,
  path: "/answers",
  component: guarded(
    "knowledge.edit",
    lazyRouteComponent(() => import("./knowledge/knowledge-page"), "KnowledgePage"),
  ),
  validateSearch: answersSearch,
});
const cannedReplies = createRoute({
  getParentRoute: () => inside,
  path: "/canned-replies",
  component: lazyRouteComponent(() => import("./canned-replies/canned-replies-page"), "CannedRepliesPage"),
  validateSearch: (search: Record<string, unknown>): { q?: string } =>
    typeof search.q === "string" && search.q !== "" ? { q: search.q } : {},
});
const goods = createRoute({
  getParentRoute: () => inside,
  path: "/goods",
  component: lazyRouteComponent(() => import("./goods/goods-page"), "GoodsPage"),
  validateSearch: goodsSearch,
});
const queues = createRoute({
  getParentRoute: () => inside,
  path: "/queues",
  component: lazyRouteComponent(() => import("./queues/queues-page"), "QueuesPage"),
  validateSearch: queuesSearch,
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/settings-page"), "SettingsPage"),
});
const settingsStart = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: ({ context }) => {
    throw redirect({ to: settingsPlaces(context.me)[0]?.to ?? "/desk" });
  },
});
const people = createRoute({
  getParentRoute: () => settings,
  path: "/people",
  component: lazyRouteComponent(() => import("./settings/people-page"), "PeoplePage"),
  validateSearch: peopleSearch,
});
const groups = createRoute({
  getParentRoute: () => settings,
  path: "/groups",
  component: lazyRouteComponent(() => import("./settings/groups-page"), "GroupsPage"),
});
const queueSettings = createRoute({
  getParentRoute: () => settings,
  path: "/queues",
  component: lazyRouteComponent(() => import("./settings/queue-settings-page"), "QueueSettingsPage"),
});
const company = createRoute({
  getParentRoute: () => settings,
  path: "/company",
  component: lazyRouteComponent(() => import("./settings/company-page"), "CompanyPage"),
});
const sites = createRoute({
  getParentRoute: () => settings,
  path: "/sites",
  component: lazyRouteComponent(() => import("./settings/sites-page"), "SitesPage"),
});
const webhooks = createRoute({
  getParentRoute: () => settings,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("./webhooks/webhooks-page"), "WebhooksPage"),
});
const handbook = createRoute({
  getParentRoute: () => inside,
  path: "/handbook",
  component: lazyRouteComponent(() => import("./handbook/handbook-page"), "HandbookPage"),
  validateSearch: (search: Record<string, unknown>): { chapter?: Chapter } => {
    const chapter = chapters.find((one) => one === search.chapter);
    return chapter ? { chapter } : {};
  },
});
const sessions = createRoute({
  getParentRoute: () => inside,
  path: "/sessions",
  component: lazyRouteComponent(() => import("./sessions/sessions-page"), "SessionsPage"),
});

const tree = root.addChildren([
  signIn,
  welcome,
  wall,
  inside.addChildren([
    start,
    desk.addChildren([deskConversation]),
    panel,
    history,
    wallSetUp,
    goods,
    answers,
    cannedReplies,
    queues,
    settings.addChildren([settingsStart, people, groups, queueSettings, company, sites, webhooks]),
    handbook,
    sessions,
  ]),
]);

export function makeRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: tree,
    basepath: "/console",
    context: { queryClient },
    defaultPreload: "intent",
    ...(history ? { history } : {}),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
