/** Client-side routes over the history API. Links are plain `<a href>`; a click on one of ours stays on the page. */
import { atHome, within } from "@yingda/api/home";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

export type Route =
  | { name: "home" }
  | { name: "goods" }
  | { name: "product"; id: string }
  | { name: "plans" }
  | { name: "search"; q: string }
  | { name: "sign-in" }
  | { name: "register" }
  | { name: "forgot" }
  | { name: "reset" }
  | { name: "account" }
  | { name: "privacy" }
  | { name: "recommendations" }
  | { name: "talk"; id: string }
  | { name: "missing" };

export interface Place {
  path: string;
  query: URLSearchParams;
  route: Route;
}

export function parseRoute(path: string, query: URLSearchParams): Route {
  const clean = path.length > 1 ? path.replace(/\/+$/, "") : path;
  if (clean === "/" || clean === "") return { name: "home" };
  if (clean === "/goods") return { name: "goods" };
  if (clean === "/plans") return { name: "plans" };
  if (clean === "/recommendations") return { name: "recommendations" };
  if (clean === "/search") return { name: "search", q: (query.get("q") ?? "").trim() };
  if (
    clean === "/sign-in" ||
    clean === "/register" ||
    clean === "/forgot" ||
    clean === "/reset" ||
    clean === "/account" ||
    clean === "/privacy"
  ) {
    return { name: clean.slice(1) as "sign-in" | "register" | "forgot" | "reset" | "account" | "privacy" };
  }
  const talk = /^\/account\/conversations\/(cnv_[0-9a-f]{32})$/.exec(clean);
  if (talk?.[1]) return { name: "talk", id: talk[1] };
  const product = /^\/goods\/([^/]+)$/.exec(clean);
  if (product?.[1]) {
    try {
      return { name: "product", id: decodeURIComponent(product[1]) };
    } catch {
      return { name: "missing" };
    }
  }
  return { name: "missing" };
}

function here(): Place {
  const query = new URLSearchParams(location.search);
  const path = within(location.pathname) ?? "/";
  return { path, query, route: parseRoute(path, query) };
}

let place: Place | undefined;
let focusWanted = false;
let scrollWanted: number | null = null;
const watchers = new Set<() => void>();

function arrive(): void {
  place = here();
  for (const changed of watchers) changed();
}

function rememberScroll(): void {
  history.replaceState({ ...(history.state as object | null), y: scrollY }, "");
}

/** Goes to an address of the hall. A change of the query alone is a change within the page: focus and scroll position stay. */
export function go(href: string, how: { replace?: boolean } = {}): void {
  const url = new URL(within(href) === undefined ? atHome(href) : href, location.href);
  const stays = url.pathname === location.pathname && url.pathname !== atHome("/search");
  const target = url.pathname + url.search;
  if (how.replace) history.replaceState(history.state, "", target);
  else {
    rememberScroll();
    history.pushState({ y: stays ? scrollY : 0 }, "", target);
  }
  if (!stays) {
    focusWanted = true;
    scrollWanted = 0;
  }
  arrive();
}

/** The address with some query parameters set, or removed if empty. */
export function hrefWith(path: string, query: URLSearchParams, change: Record<string, string>): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    if (value === "") next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** True for a click the page should handle itself: a plain press on a link to one of the hall's pages. */
export function isOurs(event: MouseEvent, link: HTMLAnchorElement): boolean {
  if (event.defaultPrevented || event.button !== 0) return false;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
  if (link.target !== "" && link.target !== "_self") return false;
  if (link.hasAttribute("download") || link.origin !== location.origin) return false;
  if (link.hash !== "" && link.pathname === location.pathname) return false;
  const path = within(link.pathname);
  return path !== undefined && parseRoute(path, new URLSearchParams(link.search)).name !== "missing";
}

export function startRouter(): void {
  history.scrollRestoration = "manual";
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || !isOurs(event, link)) return;
    event.preventDefault();
    go(link.href);
  });
  addEventListener("popstate", (event) => {
    const before = place;
    const state = event.state as { y?: number } | null;
    const words = before?.query.toString() ?? "";
    const moved = before?.path !== within(location.pathname);
    if (!moved && words === new URLSearchParams(location.search).toString()) return;
    focusWanted = moved;
    scrollWanted = state?.y ?? 0;
    arrive();
  });
  addEventListener("pagehide", rememberScroll);
}

export function usePlace(): Place {
  const [, redraw] = useState(0);
  useEffect(() => {
    const changed = (): void => redraw((n) => n + 1);
    watchers.add(changed);
    return () => {
      watchers.delete(changed);
    };
  }, []);
  place ??= here();
  return place;
}

/**
 * Names the page. After a navigation the focus moves to its heading, so that a screen reader announces where it is and Tab starts there. The page scrolls to
 * the top or, when the user returns to it, to where it was. `name` is null until the page knows its name. `about` is the description for search engines.
 */
export function usePage(name: string | null, whole: string | null, about: string | null = null): void {
  useLayoutEffect(() => {
    const description = document.querySelector<HTMLMetaElement>("meta[name=description]");
    if (description && about !== null) description.content = about;
  }, [about]);
  useLayoutEffect(() => {
    if (whole !== null) document.title = whole;
    if (name === null) return;
    if (scrollWanted !== null) {
      scrollTo(0, scrollWanted);
      scrollWanted = null;
    }
    if (!focusWanted) return;
    focusWanted = false;
    document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
  }, [name, whole]);
}
