import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";

export const practiceRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/practice",
  component: lazyRouteComponent(() => import("./practice-page"), "PracticePage"),
});
