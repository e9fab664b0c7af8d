import type { JSX as Elements } from "preact";

/**
 * Draws a tree of plain elements and updates the page to match the next tree. Components are functions without state of their own (all state is in app.ts), so
 * they are called immediately and only elements remain. Preact would take up a fifth of the widget's size budget; only its types are used.
 */
export interface Node {
  tag: string;
  props: Record<string, unknown>;
  list: Child[];
}
export type Child = Node | string | number | boolean | null | undefined | void | Child[];
type Component<P> = (props: P & { children?: Child }) => Child;

export declare namespace h {
  namespace JSX {
    type Element = Child;
    type ElementType = string | Component<never>;
    interface ElementChildrenAttribute {
      children: unknown;
    }
    interface IntrinsicAttributes {
      key?: string | number;
    }
    type Attributes<T> = { [K in keyof T]: K extends "children" ? Child : T[K] } & { children?: Child };
    type IntrinsicElements = { [K in keyof Elements.IntrinsicElements]: Attributes<Elements.IntrinsicElements[K]> };
  }
}

export function h(
  tag: string | Component<Record<string, unknown>>,
  props: Record<string, unknown> | null,
  ...list: Child[]
): Child {
  if (typeof tag === "string") return { tag, props: props ?? {}, list };
  const made = tag({ ...props, children: list });
  const key = props?.key;
  return key !== undefined && made && typeof made === "object" && "tag" in made
    ? { ...made, props: { ...made.props, key } }
    : made;
}

export const Fragment = (p: { children?: Child }): Child => p.children;

type Drawn = Element & { had?: Map<string, ChildNode>; was?: Node; on?: Record<string, (e: Event) => void> };
type Said = ChildNode & { said?: string };

/** The child of `p` in which a node stands: a page translator puts its own elements around texts, or instead of them. */
function within(p: Element, node: ChildNode | undefined): ChildNode | undefined {
  while (node && node.parentNode !== p) node = node.parentElement ?? undefined;
  return node;
}

/** The children by key: the position in the tree, or the key given within that position. Empty positions count, so nothing shifts. */
function flatten(list: Child, path: string, out: Map<string, Node | string>): void {
  if (Array.isArray(list))
    list.forEach((c, i) => {
      const key = (c as Node | undefined)?.props?.key;
      // a key that is a number must not be confused with a position
      flatten(c, path + (key === undefined ? `.${i}` : `#${key as string}`), out);
    });
  else if (typeof list === "object" && list) out.set(path, list);
  else if (typeof list === "string" || typeof list === "number") out.set(path, `${list}`);
}

function handle(this: Drawn, e: Event): void {
  this.on?.[e.type]?.(e);
}

function dress(el: Drawn, now: Record<string, unknown>, was: Record<string, unknown>): void {
  for (const name in { ...was, ...now }) {
    const v = now[name];
    if (name === "value") {
      if ((el as HTMLInputElement).value !== v) (el as HTMLInputElement).value = v as string;
    } else if (v === was[name] || name === "key" || name === "ref") continue;
    else if (/^on/.test(name)) {
      const type = name.slice(2).toLowerCase();
      if (!was[name]) el.addEventListener(type, handle);
      (el.on ??= {})[type] = v as (e: Event) => void;
    } else if (v === undefined || v === null || (v === false && !/^aria/.test(name))) el.removeAttribute(name);
    else el.setAttribute(name, v === true && !/^aria/.test(name) ? "" : String(v));
  }
}

export function render(tree: Child, parent: Element): void {
  const p = parent as Drawn;
  const before = p.had ?? new Map<string, ChildNode>();
  const next = new Map<string, Node | string>();
  const has = new Map<string, ChildNode>();
  flatten(tree, "", next);
  // Removals come first, so that nothing that stays has to be moved: a moved element loses focus, scroll position and running animation.
  // What stands instead of our texts says what was said before.
  const ours = [...before.values()];
  if (ours.some((node) => !within(p, node)))
    for (const child of [...p.childNodes]) if (!ours.some((node) => child.contains(node))) child.remove();
  for (const [key, node] of before) if (!next.has(key)) within(p, node)?.remove();
  let at: ChildNode | null = p.had ? p.firstChild : null;
  for (const [key, v] of next) {
    const old = before.get(key) as (Drawn & Text) | undefined;
    const held = within(p, old);
    let node: Said;
    if (typeof v === "string") {
      node =
        old?.nodeType === 3 && (held === old || (held && (old as Said).said === v)) ? old : document.createTextNode(v);
      // what stands as it was said stays translated
      if (node.said !== v) node.nodeValue = node.said = v;
    } else {
      const svg = v.tag === "svg" || p.namespaceURI?.endsWith("svg");
      const el = (
        old?.was?.tag === v.tag
          ? old
          : svg
            ? document.createElementNS("http://www.w3.org/2000/svg", v.tag)
            : document.createElement(v.tag)
      ) as Drawn;
      dress(el, v.props, el.was?.props ?? {});
      el.was = v;
      render(v.list, el);
      (v.props.ref as ((e: Element) => void) | undefined)?.(el);
      node = el;
    }
    has.set(key, node);
    if (held && old !== node) {
      if (at === held) at = held.nextSibling;
      held.remove();
    }
    const stands = (old === node && held) || node;
    if (stands === at) at = at.nextSibling;
    else p.insertBefore(stands, at);
  }
  p.had = has;
}
