import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside, withLaterWords } from "../shell/inside";

export const announcementsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/announcements",
  component: lazyRouteComponent(() => import("./announcements-page"), "AnnouncementsPage"),
});
