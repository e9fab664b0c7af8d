import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";

export const privacyRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/privacy",
  component: lazyRouteComponent(() => import("./privacy-page"), "PrivacyPage"),
});
