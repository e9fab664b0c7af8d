import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

const recommendationsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/recommendations",
  component: pageOf(() => import("./recommendations-page"), "RecommendationsPage"),
});

export const routes = [recommendationsRoute] as const;
