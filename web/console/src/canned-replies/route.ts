import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "../shell/inside";
import { cannedSearch } from "./search";

export const cannedRepliesRoute = createRoute({
  getParentRoute: () => inside,
  path: "/bot/canned-replies",
  component: lazyRouteComponent(() => import("./canned-replies-page"), "CannedRepliesPage"),
  validateSearch: cannedSearch,
});
