import { createRoute } from "@tanstack/react-router";
import { routes } from "./made/routes";
import { operatorRoute } from "./operator/route";
import { wallRoute } from "./panel/wall/route";
import { doors } from "./sign-in/routes";
import { areaRoutes, inside, startRoute } from "./shell/inside";
import { leadOn } from "./shell/moved";
import { root } from "./shell/root";
import { NotFound } from "./shell/states";

/** Every other address: a former one, or none. */
const unknown = createRoute({
  getParentRoute: () => root,
  path: "$",
  beforeLoad: ({ location }) => leadOn(location),
  component: NotFound,
});

const allInside = inside.addChildren([
  startRoute,
  ...routes,
  // No link leads to an area as a whole: its address is not among those that links are checked against.
  ...(areaRoutes as unknown as []),
]);

/** The routes of all pages; each is in the folder of its page, and those inside the frame are collected. */
export const tree = () =>
  root.addChildren([...doors, operatorRoute, wallRoute, allInside, ...([unknown] as unknown as [])]);
