import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "../shell/inside";
import { leftSearch, queuesSearch } from "./search";

export const queuesRoute = createRoute({
  getParentRoute: () => inside,
  path: "/inbox/queues",
  component: lazyRouteComponent(() => import("./queues-page"), "QueuesPage"),
  validateSearch: queuesSearch,
});
export const leftRoute = createRoute({
  getParentRoute: () => inside,
  path: "/inbox/left",
  component: lazyRouteComponent(() => import("./left-page"), "LeftPage"),
  validateSearch: leftSearch,
});
