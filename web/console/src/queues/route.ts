import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { alertsSearch, feedbackSearch, queuesSearch } from "./search";

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
const feedbackRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/inbox/feedback",
  component: pageOf(() => import("./feedback-page"), "FeedbackPage"),
  validateSearch: feedbackSearch,
});

export const routes = [queuesRoute, alertsRoute, feedbackRoute] as const;
