import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { floorSearch } from "./search";

export const floorRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/floor/now",
  component: lazyRouteComponent(() => import("./floor-page"), "FloorPage"),
  validateSearch: floorSearch,
});

export const floorRulesRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/floor",
  component: lazyRouteComponent(() => import("./rules-page"), "FloorRulesPage"),
});
