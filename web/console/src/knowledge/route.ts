import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { answersSearch } from "./search";

export const answersRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/answers",
  component: lazyRouteComponent(() => import("./knowledge-page"), "KnowledgePage"),
  validateSearch: answersSearch,
});
