import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { recordsSearch } from "./search";

const recordsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/records",
  component: pageOf(() => import("./records-page"), "RecordsPage"),
  validateSearch: recordsSearch,
});

export const routes = [recordsRoute] as const;
