import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { alertsSearch, leftSearch, queuesSearch } from "./search";

export const queuesRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/inbox/queues",
  component: lazyRouteComponent(() => import("./queues-page"), "QueuesPage"),
  validateSearch: queuesSearch,
});
export const alertsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/inbox/alerts",
  component: lazyRouteComponent(() => import("./alerts-page"), "AlertsPage"),
  validateSearch: alertsSearch,
});
export const leftRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/inbox/left",
  component: lazyRouteComponent(() => import("./left-page"), "LeftPage"),
  validateSearch: leftSearch,
});
