import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../../lib/page-of";
import { inside, withLaterWords } from "../../shell/inside";

const jobsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/jobs",
  component: pageOf(() => import("./jobs-page"), "JobsPage"),
});

export const routes = [jobsRoute] as const;
