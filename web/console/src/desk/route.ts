import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "../shell/inside";
import { deskSearch } from "./search";

const desk = createRoute({
  getParentRoute: () => inside,
  path: "/inbox",
  component: lazyRouteComponent(() => import("./desk-page"), "DeskPage"),
  validateSearch: deskSearch,
});
const conversation = createRoute({ getParentRoute: () => desk, path: "/$conversation" });

export const deskRoute = desk.addChildren([conversation]);
