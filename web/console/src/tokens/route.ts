import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/parts";
import { inside, withLaterWords } from "../shell/inside";

export const tokensRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/tokens",
  component: pageOf(() => import("./tokens-page"), "TokensPage"),
});
