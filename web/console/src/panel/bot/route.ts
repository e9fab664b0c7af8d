import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../../lib/page-of";
import { inside, withLaterWords } from "../../shell/inside";
import { botSearch } from "./search";

export const botRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/bot",
  component: pageOf(() => import("./bot-page"), "BotPage"),
  validateSearch: botSearch,
});

export const judgeRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/reports/bot/sample",
  component: pageOf(() => import("./judge-page"), "JudgePage"),
});
