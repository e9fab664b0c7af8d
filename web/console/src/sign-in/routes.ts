import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { root } from "../shell/inside";
import { cameBack, signInSearch, welcomeSearch } from "./search";

export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: pageOf(() => import("./sign-in-page"), "SignInPage"),
});
export const forgotRoute = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: pageOf(() => import("./forgot-page"), "ForgotPage"),
});
export const welcomeRoute = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  validateSearch: welcomeSearch,
  component: pageOf(() => import("./welcome-page"), "WelcomePage"),
});
export const cameBackRoute = createRoute({
  getParentRoute: () => root,
  path: "/single-sign-on/$company",
  validateSearch: cameBack,
  component: pageOf(() => import("./came-back-page"), "CameBackPage"),
});
