import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../../lib/page-of";
import { inside } from "../../shell/inside";
import { historySearch } from "./search";

const historyRoute = createRoute({
  getParentRoute: () => inside,
  path: "/reports/history",
  component: pageOf(() => import("./history-page"), "HistoryPage"),
  validateSearch: historySearch,
});

export const routes = [historyRoute] as const;
