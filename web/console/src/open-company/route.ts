import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { loadWords } from "../lib/i18n";
import { prefs } from "../lib/prefs";
import { root } from "../shell/root";

export const openCompanyRoute = createRoute({
  getParentRoute: () => root,
  path: "/open",
  beforeLoad: () => loadWords(prefs.get().language, "opening"),
  component: pageOf(() => import("./open-company-page"), "OpenCompanyPage"),
});
