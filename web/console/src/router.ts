import { home } from "@yingda/api/home";
import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { openCompanyRoute } from "./open-company/route";
import { routes } from "./made/routes";
import { operatorRoute } from "./operator/route";
import { wallRoute } from "./panel/wall/route";
import { areaRoutes, inside, root, startRoute } from "./shell/inside";
import { cameBackRoute, forgotRoute, signInRoute, welcomeRoute } from "./sign-in/routes";

/** The routes of all pages; each is in the folder of its page, and those inside the frame are collected. */
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
    ...routes,
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
