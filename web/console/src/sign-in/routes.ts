import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "../shell/inside";
import { cameBack, signInSearch } from "./search";

export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import("./sign-in-page"), "SignInPage"),
});
export const welcomeRoute = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: lazyRouteComponent(() => import("./welcome-page"), "WelcomePage"),
});
export const cameBackRoute = createRoute({
  getParentRoute: () => root,
  path: "/single-sign-on",
  validateSearch: cameBack,
  component: lazyRouteComponent(() => import("./came-back-page"), "CameBackPage"),
});
