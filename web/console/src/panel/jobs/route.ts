import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "../../shell/inside";

export const jobsRoute = createRoute({
  getParentRoute: () => inside,
  path: "/reports/jobs",
  component: lazyRouteComponent(() => import("./jobs-page"), "JobsPage"),
});
