import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { plansSearch } from "./search";

export const plansRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/goods/plans",
  component: lazyRouteComponent(() => import("./plans-page"), "PlansPage"),
  validateSearch: plansSearch,
});
