import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { synonymsSearch } from "./search";

export const synonymsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/synonyms",
  component: lazyRouteComponent(() => import("./synonyms-page"), "SynonymsPage"),
  validateSearch: synonymsSearch,
});
