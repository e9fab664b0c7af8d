import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

export const tokensRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/tokens",
  component: pageOf(() => import("./tokens-page"), "TokensPage"),
});
