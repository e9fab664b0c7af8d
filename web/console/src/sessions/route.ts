import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";

export const sessionsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/sessions",
  component: lazyRouteComponent(() => import("./sessions-page"), "SessionsPage"),
});
