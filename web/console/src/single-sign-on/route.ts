import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

const singleSignOnRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/single-sign-on",
  component: pageOf(() => import("./single-sign-on-page"), "SingleSignOnPage"),
});

export const routes = [singleSignOnRoute] as const;
