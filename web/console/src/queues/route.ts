import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { alertsSearch, leftSearch, queuesSearch } from "./search";

const queuesRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/inbox/queues",
  component: pageOf(() => import("./queues-page"), "QueuesPage"),
  validateSearch: queuesSearch,
});
const alertsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/inbox/alerts",
  component: pageOf(() => import("./alerts-page"), "AlertsPage"),
  validateSearch: alertsSearch,
});
const leftRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/inbox/left",
  component: pageOf(() => import("./left-page"), "LeftPage"),
  validateSearch: leftSearch,
});

export const routes = [queuesRoute, alertsRoute, leftRoute] as const;
