import { createRoute, redirect, type AnyRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { loadWords } from "../lib/i18n";
import { adoptPrefs, prefs } from "../lib/prefs";
import { practice } from "../lib/practice";
import { isProblem } from "../lib/problem";
import { meQuery } from "../lib/session";
import { areasWithoutHome, openPages, startOf } from "./areas";
import { noteStart } from "./ahead";
import { leadOn } from "./moved";
import { root } from "./root";
import { Failure, NotYours, Starting } from "./states";

/** All pages for signed-in members; the rest of the address is kept for after sign-in. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  component: pageOf(() => import("./shell"), "Shell"),
  pendingComponent: Starting,
  pendingMs: 200,
  errorComponent: Failure,
  beforeLoad: async ({ context, location }) => {
    leadOn(location);
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
