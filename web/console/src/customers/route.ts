import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { customersSearch } from "./search";

const list = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/customers",
  component: pageOf(() => import("./customers-page"), "CustomersPage"),
  validateSearch: customersSearch,
});
const profile = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/customers/$customer",
  component: pageOf(() => import("./profile-page"), "ProfilePage"),
});

export const routes = [list, profile] as const;
