import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "../../shell/inside";
import { timesSearch } from "./search";

export const responseTimesRoute = createRoute({
  getParentRoute: () => inside,
  path: "/settings/response-times",
  component: lazyRouteComponent(() => import("./response-times-page"), "ResponseTimesPage"),
  validateSearch: timesSearch,
});
