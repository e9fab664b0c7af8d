import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

const tokensRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/tokens",
  component: pageOf(() => import("./tokens-page"), "TokensPage"),
});

export const routes = [tokensRoute] as const;
