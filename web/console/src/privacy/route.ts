import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

const privacyRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/privacy",
  component: pageOf(() => import("./privacy-page"), "PrivacyPage"),
});

export const routes = [privacyRoute] as const;
