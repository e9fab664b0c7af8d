import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { answersSearch } from "./search";

const answersRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/bot/answers",
  component: pageOf(() => import("./knowledge-page"), "KnowledgePage"),
  validateSearch: answersSearch,
});

export const routes = [answersRoute] as const;
