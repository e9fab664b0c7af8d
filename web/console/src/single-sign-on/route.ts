import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";

export const singleSignOnRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/single-sign-on",
  component: lazyRouteComponent(() => import("./single-sign-on-page"), "SingleSignOnPage"),
});
