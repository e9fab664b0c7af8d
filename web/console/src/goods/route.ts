import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { goodsSearch } from "./search";

export const goodsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/goods",
  component: pageOf(() => import("./goods-page"), "GoodsPage"),
  validateSearch: goodsSearch,
});
