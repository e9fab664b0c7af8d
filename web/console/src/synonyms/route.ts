import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { synonymsSearch } from "./search";

const synonymsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/synonyms",
  component: pageOf(() => import("./synonyms-page"), "SynonymsPage"),
  validateSearch: synonymsSearch,
});

export const routes = [synonymsRoute] as const;
