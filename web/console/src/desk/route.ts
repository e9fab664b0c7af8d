import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside } from "../shell/inside";
import { deskSearch } from "./search";

const desk = createRoute({
  getParentRoute: () => inside,
  path: "/inbox",
  component: pageOf(() => import("./desk-page"), "DeskPage"),
  validateSearch: deskSearch,
});
const conversation = createRoute({ getParentRoute: () => desk, path: "/$conversation" });

export const routes = [desk.addChildren([conversation])] as const;
