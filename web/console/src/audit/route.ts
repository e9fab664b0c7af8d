import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";
import { auditSearch } from "./search";

export const auditRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/audit",
  component: lazyRouteComponent(() => import("./audit-page"), "AuditPage"),
  validateSearch: auditSearch,
});
