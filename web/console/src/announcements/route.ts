import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside, withLaterWords } from "../shell/inside";

const announcementsRoute = createRoute({
  ...withLaterWords,
  getParentRoute: () => inside,
  path: "/announcements",
  component: pageOf(() => import("./announcements-page"), "AnnouncementsPage"),
});

export const routes = [announcementsRoute] as const;
