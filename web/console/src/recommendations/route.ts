import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";

export const recommendationsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/recommendations",
  component: lazyRouteComponent(() => import("./recommendations-page"), "RecommendationsPage"),
});
