import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../../lib/page-of";
import { loadWords } from "../../lib/i18n";
import { prefs } from "../../lib/prefs";
import { inside } from "../../shell/inside";
import { root } from "../../shell/root";

const wallSetUpRoute = createRoute({
  getParentRoute: () => inside,
  path: "/floor/wall",
  component: pageOf(() => import("./set-up-page"), "WallSetUpPage"),
});
/** For a screen on the wall: outside the frame, and without sign-in if its address contains a link's secret. */
export const wallRoute = createRoute({
  getParentRoute: () => root,
  path: "/wall",
  component: pageOf(() => import("./wall-page"), "WallPage"),
  beforeLoad: ({ search }) => loadWords(search.lang ?? prefs.get().language),
  validateSearch: (search: Record<string, unknown>): { lang?: "en" | "zh-CN" } =>
    search.lang === "en" || search.lang === "zh-CN" ? { lang: search.lang } : {},
});

export const routes = [wallSetUpRoute] as const;
