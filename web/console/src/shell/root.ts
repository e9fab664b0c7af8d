import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { Failure, NotFound, Starting } from "./states";

export interface RouterContext {
  queryClient: QueryClient;
  /** Loads the routes of everything behind the sign-in, and goes on with them. */
  openInside: () => Promise<void>;
}

export const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Failure,
});

/** Every address but those of the doors, until the other routes are there. */
export const elsewhere = createRoute({
  getParentRoute: () => root,
  path: "$",
  pendingComponent: Starting,
  pendingMs: 200,
  errorComponent: Failure,
  beforeLoad: async ({ context, location }) => {
    await context.openInside();
    throw redirect({ href: location.href, replace: true });
  },
});
