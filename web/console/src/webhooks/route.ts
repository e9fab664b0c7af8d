import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

const webhooksRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/webhooks",
  component: pageOf(() => import("./webhooks-page"), "WebhooksPage"),
});

export const routes = [webhooksRoute] as const;
