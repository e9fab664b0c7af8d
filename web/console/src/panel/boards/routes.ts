import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../../lib/page-of";
import { inside, withLaterWords } from "../../shell/inside";
import { boardSearch } from "./search";

const boardsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/boards",
  component: pageOf(() => import("./boards-page"), "BoardsPage"),
});

const boardRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/boards/$board",
  component: pageOf(() => import("./board-page"), "BoardPage"),
  validateSearch: boardSearch,
});

export const routes = [boardsRoute, boardRoute] as const;
