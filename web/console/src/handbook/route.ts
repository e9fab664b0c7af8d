import { createRoute } from "@tanstack/react-router";
import { pageOf } from "../lib/page-of";
import { inside } from "../shell/inside";
import { chapters, type Chapter } from "./names";

const handbookRoute = createRoute({
  getParentRoute: () => inside,
  path: "/handbook",
  component: pageOf(() => import("./handbook-page"), "HandbookPage"),
  validateSearch: (search: Record<string, unknown>): { chapter?: Chapter } => {
    const chapter = chapters.find((one) => one === search.chapter);
    return chapter ? { chapter } : {};
  },
});

export const routes = [handbookRoute] as const;
