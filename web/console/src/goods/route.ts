import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { goodsSearch } from "./search";

const goodsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/goods",
  component: pageOf(() => import("./goods-page"), "GoodsPage"),
  validateSearch: goodsSearch,
});

export const routes = [goodsRoute] as const;
