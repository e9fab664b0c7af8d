import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "../../shell/inside";
import { boardSearch } from "./search";

export const boardsRoute = createRoute({
  getParentRoute: () => inside,
  path: "/reports/boards",
  component: lazyRouteComponent(() => import("./boards-page"), "BoardsPage"),
});

export const boardRoute = createRoute({
  getParentRoute: () => inside,
  path: "/reports/boards/$board",
  component: lazyRouteComponent(() => import("./board-page"), "BoardPage"),
  validateSearch: boardSearch,
});
