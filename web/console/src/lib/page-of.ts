import { lazyRouteComponent } from "@tanstack/react-router";
import { bring } from "@yingda/api/bring";

/** A page that is loaded when it is first opened: a component of a module. */
export const pageOf = <T extends Record<string, unknown>, K extends keyof T & string>(
  load: () => Promise<T>,
  name: K,
) => lazyRouteComponent(() => bring(load), name);
