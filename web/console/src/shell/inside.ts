import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet, redirect, type AnyRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { loadWords } from "../lib/i18n";
import { adoptPrefs, prefs } from "../lib/prefs";
import { practice } from "../lib/practice";
import { isProblem } from "../lib/problem";
import { meQuery } from "../lib/session";
import { areasWithoutHome, openPages, startOf, type Page } from "./areas";
import { movedTo } from "./moved";
import { noteStart } from "./ahead";
import { Failure, NotFound, NotYours, Starting } from "./states";

export interface RouterContext {
  queryClient: QueryClient;
}

export const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Failure,
  beforeLoad: ({ location }) => {
    const moved = movedTo(location.pathname.replace(/(?<=.)\/$/, ""), location.search);
    if (!moved) return;
    // The rest of the address is whatever stood behind the former one; the page it belongs to checks it.
    throw redirect({ to: moved.to as Page["to"], search: moved.search, hash: location.hash, replace: true });
  },
});

/** All pages for signed-in members; the rest of the address is kept for after sign-in. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: pageOf(() => import("./shell"), "Shell"),
  pendingComponent: Starting,
  pendingMs: 200,
  errorComponent: Failure,
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.ensureQueryData(meQuery);
      adoptPrefs(me.agent);
      noteStart(startOf(me));
      await loadWords(prefs.get().language);
      return { me };
    } catch (error) {
      if (isProblem(error, "not_signed_in")) {
        if (practice.isOn) {
          practice.toCompany("/practice");
          return await new Promise<never>(() => undefined);
        }
        noteStart(null);
        throw redirect({ to: "/sign-in", search: location.pathname === "/" ? {} : { next: location.href } });
      }
      throw error;
    }
  },
});

/** What the route of a page needs whose texts are not among the first. */
export const withLaterWords = { beforeLoad: () => loadWords(prefs.get().language, "later") };

export const startRoute = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: ({ context }) => {
    throw redirect({ to: startOf(context.me) });
  },
});

/** The addresses of whole areas: each leads to the first page the member may open, or says that there is none. */
export const areaRoutes: AnyRoute[] = areasWithoutHome.map((area) =>
  createRoute({
    getParentRoute: () => inside,
    path: area.home as "/area",
    component: NotYours,
    beforeLoad: ({ context }) => {
      const [first] = openPages(context.me, area);
      if (first) throw redirect({ to: first.to, replace: true });
    },
  }),
);
