import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../../shell/inside";

export const jobsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/jobs",
  component: lazyRouteComponent(() => import("./jobs-page"), "JobsPage"),
});
