import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../../shell/inside";
import { botSearch } from "./search";

export const botRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/bot",
  component: lazyRouteComponent(() => import("./bot-page"), "BotPage"),
  validateSearch: botSearch,
});

export const judgeRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/bot/sample",
  component: lazyRouteComponent(() => import("./judge-page"), "JudgePage"),
});
