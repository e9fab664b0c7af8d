import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

export const privacyRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/privacy",
  component: pageOf(() => import("./privacy-page"), "PrivacyPage"),
});
