import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "../../shell/inside";
import { historySearch } from "./search";

export const historyRoute = createRoute({
  getParentRoute: () => inside,
  path: "/reports/history",
  component: lazyRouteComponent(() => import("./history-page"), "HistoryPage"),
  validateSearch: historySearch,
});
