import { bring } from "@yingda/api/bring";
import { home } from "@yingda/api/home";
import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";
import { elsewhere, root } from "./shell/root";
import { doors } from "./sign-in/routes";
import type { tree } from "./tree";

type Tree = ReturnType<typeof tree>;

/** A router that knows the doors, and all pages from the first address on that is none: their routes are a script that nobody needs for signing in. */
export function makeRouter(queryClient: QueryClient, history?: RouterHistory) {
  let opening: Promise<void> | null = null;
  const openInside = () =>
    (opening ??= bring(() => import("./tree")).then(
      ({ tree }) => {
        router.routeTree = tree();
        router.setRoutes(router.buildRouteTree());
      },
      (error: unknown) => {
        opening = null;
        throw error;
      },
    ));
  const router = createRouter({
    // Links are checked against the addresses of all pages.
    routeTree: root.addChildren([...doors, elsewhere]) as unknown as Tree,
    basepath: `${home}/console`,
    context: { queryClient, openInside },
    defaultPreload: "intent",
    ...(history ? { history } : {}),
  });
  return router;
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
