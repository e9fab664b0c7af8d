import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { trainingSearch } from "./search";

export const trainingRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/training",
  component: lazyRouteComponent(() => import("./training-page"), "TrainingPage"),
  validateSearch: trainingSearch,
});
