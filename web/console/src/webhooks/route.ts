import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";

export const webhooksRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/webhooks",
  component: lazyRouteComponent(() => import("./webhooks-page"), "WebhooksPage"),
});
