import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

const practiceRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/practice",
  component: pageOf(() => import("./practice-page"), "PracticePage"),
});

export const routes = [practiceRoute] as const;
