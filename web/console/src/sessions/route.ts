import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

const sessionsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/sessions",
  component: pageOf(() => import("./sessions-page"), "SessionsPage"),
});

export const routes = [sessionsRoute] as const;
