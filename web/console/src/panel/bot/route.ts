import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../../lib/page-of";
import { inside, withLaterWords } from "../../shell/inside";
import { botSearch } from "./search";

const botRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/bot",
  component: pageOf(() => import("./bot-page"), "BotPage"),
  validateSearch: botSearch,
});

const judgeRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/bot/sample",
  component: pageOf(() => import("./judge-page"), "JudgePage"),
});

export const routes = [botRoute, judgeRoute] as const;
