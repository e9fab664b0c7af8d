import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { openCompanyRoute } from "../open-company/route";
import { root } from "../shell/root";
import { cameBack, signInSearch, welcomeSearch } from "./search";

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: signInSearch,
  component: pageOf(() => import("./sign-in-page"), "SignInPage"),
});
const forgotRoute = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: pageOf(() => import("./forgot-page"), "ForgotPage"),
});
const welcomeRoute = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  validateSearch: welcomeSearch,
  component: pageOf(() => import("./welcome-page"), "WelcomePage"),
});
const cameBackRoute = createRoute({
  getParentRoute: () => root,
  path: "/single-sign-on/$company",
  validateSearch: cameBack,
  component: pageOf(() => import("./came-back-page"), "CameBackPage"),
});

/** What is open before anybody has signed in. */
export const doors = [signInRoute, welcomeRoute, forgotRoute, cameBackRoute, openCompanyRoute] as const;
