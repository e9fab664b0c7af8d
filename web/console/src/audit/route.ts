import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";
import { auditSearch } from "./search";

const auditRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/settings/audit",
  component: pageOf(() => import("./audit-page"), "AuditPage"),
  validateSearch: auditSearch,
});

export const routes = [auditRoute] as const;
