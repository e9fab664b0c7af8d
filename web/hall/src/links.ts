import { atHome, home } from "@yingda/api/home";
import { options, type VNode } from "preact";

/** Where elements lead to, or what they show, by their tag. */
const places: Readonly<Record<string, string>> = { a: "href", form: "action", img: "src" };

/**
 * Has each link, form and picture lead to the company's own place: pages write `/goods`, and a browser is given `/o/shop/goods`. So no page has to think of it,
 * and none can forget it.
 */
export function placeLinks(): void {
  if (home === "") return;
  const before = options.vnode;
  options.vnode = (node: VNode) => {
    const place = typeof node.type === "string" ? places[node.type] : undefined;
    const props = node.props as Record<string, unknown>;
    const address = place === undefined ? undefined : props[place];
    if (place !== undefined && typeof address === "string") props[place] = atHome(address);
    before?.(node);
  };
}
