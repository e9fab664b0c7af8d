import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../../shell/inside";
import { boardSearch } from "./search";

export const boardsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/boards",
  component: lazyRouteComponent(() => import("./boards-page"), "BoardsPage"),
});

export const boardRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/boards/$board",
  component: lazyRouteComponent(() => import("./board-page"), "BoardPage"),
  validateSearch: boardSearch,
});
