import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "../shell/inside";
import { panelSearch } from "./search";

export const panelRoute = createRoute({
  getParentRoute: () => inside,
  path: "/floor/live",
  component: lazyRouteComponent(() => import("./panel-page"), "PanelPage"),
  validateSearch: panelSearch,
});
