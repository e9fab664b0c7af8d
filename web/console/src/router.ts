import { home } from "@yingda/api/home";
import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { announcementsRoute } from "./announcements/route";
import { auditRoute } from "./audit/route";
import { cannedRepliesRoute } from "./canned-replies/route";
import { deskRoute } from "./desk/route";
import { floorRoute, floorRulesRoute } from "./floor/route";
import { goodsRoute } from "./goods/route";
import { graphRoute } from "./graph/route";
import { handbookRoute } from "./handbook/route";
import { answersRoute } from "./knowledge/route";
import { boardRoute, boardsRoute } from "./panel/boards/routes";
import { botRoute, judgeRoute } from "./panel/bot/route";
import { historyRoute } from "./panel/history/route";
import { jobsRoute } from "./panel/jobs/route";
import { responseTimesRoute } from "./panel/response-times/route";
import { openCompanyRoute } from "./open-company/route";
import { operatorRoute } from "./operator/route";
import { panelRoute } from "./panel/route";
import { wallRoute, wallSetUpRoute } from "./panel/wall/route";
import { recommendationsRoute } from "./recommendations/route";
import { plansRoute } from "./plans/route";
import { practiceRoute } from "./practice/route";
import { alertsRoute, leftRoute, queuesRoute } from "./queues/route";
import { sessionsRoute } from "./sessions/route";
import { settingsRoutes } from "./settings/routes";
import { areaRoutes, inside, root, startRoute } from "./shell/inside";
import { cameBackRoute, forgotRoute, signInRoute, welcomeRoute } from "./sign-in/routes";
import { singleSignOnRoute } from "./single-sign-on/route";
import { synonymsRoute } from "./synonyms/route";
import { tokensRoute } from "./tokens/route";
import { trainingRoute } from "./training/route";
import { privacyRoute } from "./privacy/route";
import { webhooksRoute } from "./webhooks/route";

/** The routes of all pages; each is in the folder of its page. Who may open a page, and where it is offered, is in `shell/areas.ts`. */
const tree = root.addChildren([
  signInRoute,
  welcomeRoute,
  forgotRoute,
  cameBackRoute,
  openCompanyRoute,
  operatorRoute,
  wallRoute,
  inside.addChildren([
    startRoute,
    deskRoute,
    queuesRoute,
    leftRoute,
    alertsRoute,
    floorRoute,
    floorRulesRoute,
    panelRoute,
    wallSetUpRoute,
    historyRoute,
    botRoute,
    judgeRoute,
    boardsRoute,
    boardRoute,
    responseTimesRoute,
    auditRoute,
    jobsRoute,
    answersRoute,
    recommendationsRoute,
    synonymsRoute,
    graphRoute,
    cannedRepliesRoute,
    goodsRoute,
    plansRoute,
    ...settingsRoutes,
    tokensRoute,
    privacyRoute,
    webhooksRoute,
    singleSignOnRoute,
    handbookRoute,
    sessionsRoute,
    announcementsRoute,
    trainingRoute,
    practiceRoute,
    // No link leads to an area as a whole: its address is not among those that links are checked against.
    ...(areaRoutes as unknown as []),
  ]),
]);

export function makeRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree: tree,
    basepath: `${home}/console`,
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
