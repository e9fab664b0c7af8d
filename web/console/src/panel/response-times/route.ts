import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../../lib/page-of";
import { inside } from "../../shell/inside";
import { timesSearch } from "./search";

const responseTimesRoute = createRoute({
  getParentRoute: () => inside,
  path: "/settings/response-times",
  component: pageOf(() => import("./response-times-page"), "ResponseTimesPage"),
  validateSearch: timesSearch,
});

export const routes = [responseTimesRoute] as const;
