import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { floorSearch } from "./search";

const floorRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/floor/now",
  component: pageOf(() => import("./floor-page"), "FloorPage"),
  validateSearch: floorSearch,
});

const floorRulesRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/floor",
  component: pageOf(() => import("./rules-page"), "FloorRulesPage"),
});

export const routes = [floorRoute, floorRulesRoute] as const;
