import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside } from "../shell/inside";
import { panelSearch } from "./search";

const panelRoute = createRoute({
  getParentRoute: () => inside,
  path: "/floor/live",
  component: pageOf(() => import("./panel-page"), "PanelPage"),
  validateSearch: panelSearch,
});

export const routes = [panelRoute] as const;
