import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "../shell/inside";
import { forgotSearch, signInSearch } from "./search";

export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import("./sign-in-page"), "SignInPage"),
});
export const forgotRoute = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  validateSearch: forgotSearch,
  component: lazyRouteComponent(() => import("./forgot-page"), "ForgotPage"),
});
export const welcomeRoute = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  component: lazyRouteComponent(() => import("./welcome-page"), "WelcomePage"),
});
