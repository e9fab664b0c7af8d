import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { plansSearch } from "./search";

const plansRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/goods/plans",
  component: pageOf(() => import("./plans-page"), "PlansPage"),
  validateSearch: plansSearch,
});

export const routes = [plansRoute] as const;
