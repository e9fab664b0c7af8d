import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { goodsSearch } from "./search";

export const goodsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/goods",
  component: lazyRouteComponent(() => import("./goods-page"), "GoodsPage"),
  validateSearch: goodsSearch,
});
