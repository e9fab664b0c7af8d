import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { graphSearch } from "./search";

export const graphRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/graph",
  component: lazyRouteComponent(() => import("./graph-page"), "GraphPage"),
  validateSearch: graphSearch,
});
