import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { graphSearch } from "./search";

const graphRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/graph",
  component: pageOf(() => import("./graph-page"), "GraphPage"),
  validateSearch: graphSearch,
});

export const routes = [graphRoute] as const;
