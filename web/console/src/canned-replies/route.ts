import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { cannedSearch } from "./search";

const cannedRepliesRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/canned-replies",
  component: pageOf(() => import("./canned-tabs"), "CannedTabs"),
  validateSearch: cannedSearch,
});

export const routes = [cannedRepliesRoute] as const;
