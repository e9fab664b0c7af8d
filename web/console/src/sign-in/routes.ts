import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "../shell/inside";
import { cameBack, signInSearch, welcomeSearch } from "./search";

export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import("./sign-in-page"), "SignInPage"),
});
export const forgotRoute = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: lazyRouteComponent(() => import("./forgot-page"), "ForgotPage"),
});
export const welcomeRoute = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  validateSearch: welcomeSearch,
  component: lazyRouteComponent(() => import("./welcome-page"), "WelcomePage"),
});
export const cameBackRoute = createRoute({
  getParentRoute: () => root,
  path: "/single-sign-on/$company",
  validateSearch: cameBack,
  component: lazyRouteComponent(() => import("./came-back-page"), "CameBackPage"),
});
