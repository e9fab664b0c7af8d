import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { cannedSearch } from "./search";

export const cannedRepliesRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/canned-replies",
  component: lazyRouteComponent(() => import("./canned-tabs"), "CannedTabs"),
  validateSearch: cannedSearch,
});
