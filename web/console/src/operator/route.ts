import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { loadWords } from "../lib/i18n";
import { prefs } from "../lib/prefs";
import { root } from "../shell/root";
import { operatorSearch } from "./search";

/** For whoever runs the installation, who is of no company: outside the frame, with a session of its own. */
export const operatorRoute = createRoute({
  getParentRoute: () => root,
  path: "/operator",
  beforeLoad: async () => {
    const { language } = prefs.get();
    await Promise.all([loadWords(language), loadWords(language, "operator")]);
  },
  validateSearch: operatorSearch,
  component: pageOf(() => import("./operator-page"), "OperatorPage"),
});
