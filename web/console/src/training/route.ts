import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { trainingSearch } from "./search";

const trainingRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/training",
  component: pageOf(() => import("./training-page"), "TrainingPage"),
  validateSearch: trainingSearch,
});

export const routes = [trainingRoute] as const;
