/**
 * The loader: `<script async src="…/w.js" data-site="KEY">`. It draws the launcher, and loads the app into an iframe
 * when someone approaches it, or if this browser has a conversation here. To anybody else, it uses no cookies, stores
 * nothing and makes no further request. It must work under a strict CSP with Trusted Types: no markup, no inline
 * styles, no scripts made from text.
 *
 * The page is not ours. It may replace its body or all of its elements, run this script with each of its pages, come
 * back from the back-forward cache, and consist of several frames: a tab has one launcher and one chat, whatever the
 * page does. What belongs to the page stays as it was: its title, its history, its focus, and what is inert in it.
 */
import { pressed } from "@yingda/api/keys";
import { readable } from "../brand";
import { newLauncher } from "./launcher";
import { lead, ownTitle } from "./title";
import type { Handler, Loader, Options, Page } from "./types";

const w = window as Page;
const d = document;
const viewport = w.visualViewport;
const script = d.currentScript as HTMLScriptElement | null;
const { origin, pathname } = new URL(script?.src || location.href);

/** The value of `inert` that is ours: also in a copy of the body that the page keeps, and shows again later. */
const OURS = "yingda";
/** How long a frame waits for the next page of the frame that had the launcher, in milliseconds. */
const SETTLE_AFTER = 2000;

/** where the chat comes from */
let base: string;
let o: Options = {};
/** beside the body, which the page may replace: an iframe that is moved loads again */
let box: HTMLElement | null = null;
let root: HTMLElement;
let button: HTMLButtonElement;
let badge: HTMLElement;
let frame: HTMLIFrameElement | null = null;
let pane: Window | null = null;
let isReady = false;
let isOpen = false;
let asked: Options | null = null;
let from: HTMLElement | null = null;
/** the place in the history of the entry that we have added, or nothing; and whether we are on our way back from it */
let added = "";
let isLeaving = false;
let unread = 0;
let tint: string | undefined;
/** the product of the script's tag */
let tagged: unknown;
/** who is signed in on the page: an account, with what returns the proof that it is here; or a token by which the page's server names the customer */
let who: { customer?: string; ticket?(): unknown; token?: string } | null | undefined;
/** calls for the chat that wait until it is there */
const waiting: Options[] = [];
const handlers: Record<string, Handler[]> = Object.create(null);
let outer = w;
let depth = 0;
try {
  // what is around us may be of another origin
  while (outer.parent !== outer && outer.parent.document) {
    outer = outer.parent as Page;
    depth++;
  }
} catch {
  // then we cannot know of each other
}
const loaders = (outer.yingdaLoaders ||= new Set());
const me: Loader = {
  d,
  // a page before its frames, a large frame before a small one
  rank: depth * 1e9 - innerWidth * innerHeight,
  site: "",
  api,
  tell: (name, data) => handlers[name]?.forEach((f) => f(data)),
  settle,
};
const chief = (): Loader =>
  [...loaders].filter((l) => me.site && l.site === me.site && l.d.defaultView).sort((a, b) => a.rank - b.rank)[0] || me;
// the page of a frame may be gone
const settleAll = () => loaders.forEach((l) => (l.d.defaultView ? l.settle() : loaders.delete(l)));

const fire = (name: string, data?: unknown) => loaders.forEach((l) => l.site === me.site && l.tell(name, data));
const english = () => /^en/i.test((o.lang || d.documentElement.lang || navigator.language) as string);
const post = (m: Options) =>
  isReady ? frame?.contentWindow?.postMessage({ yingda: 1, ...m }, base) : "a" in m && waiting.push(m);
const prefix = () => `yingda.${me.site}.`;
const page = () => ({ title: ownTitle(), url: location.href });
const place = () => history.length + location.href;

/** What the host page's storage has of ours. It is used only after the first message: to remember that there was one, and for all else if the iframe's own storage is refused. */
function recall(): Record<string, string> | null {
  try {
    const ours = Object.entries<string>(localStorage).filter(([name]) => name.startsWith(prefix()));
    return Object.fromEntries(ours.map(([name, value]) => [name.slice(prefix().length), value]));
  } catch {
    return null;
  }
}
/** Whether this browser has a conversation here. On our own pages, the frame's own storage says so, too. */
function isKnown(): unknown {
  const kept = recall();
  return kept && (kept.known || kept.sealed || kept.device);
}
/** Whether the panel was open in this tab: set by opening it, so never before the visitor acted. */
function remember(value?: string): string | null {
  try {
    if (value) sessionStorage[prefix()] = value;
    return sessionStorage[prefix()] as string | null;
  } catch {
    return null;
  }
}

function words(): void {
  const label = (o.label || (english() ? "Ask us" : "问一问")) as string;
  (button.lastChild as HTMLElement).textContent = label;
  const more = unread ? (english() ? `, ${unread} unread` : `，${unread} 条未读`) : "";
  button.setAttribute("aria-label", label + more);
  button.setAttribute("aria-expanded", String(isOpen));
  button.hidden = isOpen || o.launcher === "none" || o.launcher === false;
}

/** Applies the options. */
function dress(): void {
  tint = /^#[0-9a-f]{6}$/i.test(o.color as string) ? readable(o.color as string) : undefined;
  box?.style.setProperty("--c", tint ?? "#0a6a78");
  box?.style.setProperty("--o", `${(o.offset as number) || 24}px`);
  root.className = o.side === "left" || o.side === "start" ? "s" : "";
  words();
  resize();
}

const watcher = new MutationObserver(stay);
/** Puts our element into the page, and back into it when the page has removed it together with what was around it. */
function stay(): void {
  if (!box || !d.documentElement) return;
  if (!box.isConnected) {
    // `document.write` removes whatever listens, too
    listen();
    d.documentElement.append(box);
  }
  if (frame && frame.contentWindow !== pane) {
    // it was moved, and loads again
    pane = frame.contentWindow;
    isReady = false;
  }
  for (let n: Node | null = box; (n = n.parentNode); ) watcher.observe(n, { childList: true });
  resize();
}

function load(): void {
  if (frame || !box) return;
  frame = d.createElement("iframe");
  frame.title = button.textContent || "";
  frame.hidden = true;
  frame.src = `${base}/widget/frame.html?site=${encodeURIComponent(me.site)}`;
  root.append(frame);
  pane = frame.contentWindow;
}

/** Full screen on small windows: the page behind is inert, and Back closes the panel. */
function resize(): void {
  if (!box) return;
  const full = isOpen && (innerWidth < 480 || innerHeight < 560);
  root.classList.toggle("f", full);
  // above a phone's keyboard
  if (frame) frame.style.height = full && viewport ? `${viewport.height}px` : "";
  const inert = d.body?.getAttribute("inert");
  if (full && inert === null) d.body.setAttribute("inert", OURS);
  else if (!full && inert === OURS) d.body.removeAttribute("inert");
  if (full && !added) {
    // with the page's own state: to its router, nothing has happened
    history.pushState(history.state, "");
    added = place();
  }
}

/** Without `how`, it reopens by itself on the next page, and leaves the focus where it is unless it covers that page. */
function open(how?: Options): void {
  load();
  if (!isOpen) from = d.activeElement as HTMLElement;
  isOpen = true;
  remember("open");
  if (frame) frame.hidden = false;
  if (isReady) post({ do: "open", ...how });
  else asked = { ...asked, ...how };
  dress();
  if (how || added) frame?.focus();
  fire("open");
}

function close(): void {
  if (!isOpen) return;
  const isHere = d.activeElement === box;
  isOpen = false;
  remember("closed");
  if (frame) frame.hidden = true;
  post({ do: "close" });
  dress();
  if (added === place()) {
    isLeaving = true;
    history.back();
  } else added = "";
  // the focus goes back to where it came from; if the page has taken it in the meantime, it stays there
  if (isHere) (from?.isConnected && from !== box && from !== d.body ? from : button).focus();
  fire("close");
}

function count(n: number): void {
  unread = n;
  badge.hidden = !n;
  const few = n > 9 ? "9+" : `${n}`;
  badge.dataset.n = few;
  words();
  lead(n && d.hidden ? `(${few}) ` : "");
  fire("unread", n);
}

/** Only messages from our frame's own window on our own origin are accepted. */
function heard(e: MessageEvent<Options>): void {
  if (!frame || e.source !== frame.contentWindow || !`${base}/`.startsWith(`${e.origin}/`) || e.data?.yingda !== 1)
    return;
  const m = e.data;
  if (m.do === "ready") {
    isReady = true;
    // Focus given to the frame while it loaded may have been lost with its initial empty document.
    if (d.activeElement === box) {
      frame.blur();
      frame.focus();
    }
    // the version of this script, by which the site's page says how old it is
    post({ do: "init", v: 2, ...o, color: tint, page: page(), kept: recall(), open: isOpen ? asked || {} : null });
    asked = null;
    waiting.splice(0).forEach(post);
  } else if (m.do === "size") box?.style.setProperty("--w", `${25 * (m.px as number)}px`);
  else if (m.do === "close") close();
  else if (m.do === "ticket") {
    const answer = (t?: unknown) => post({ do: "ticket", ticket: t || null });
    Promise.resolve(who?.ticket?.()).then(answer, () => answer());
  } else if (m.do === "leave") from?.isConnected && from !== box ? from.focus() : frame.blur();
  else if (m.do === "unread") {
    if (m.n !== unread) count(m.n as number);
  } else if (m.do === "keep") {
    try {
      const key = prefix() + m.name;
      if (m.value === null) localStorage.removeItem(key);
      else localStorage[key] = m.value;
    } catch {
      // the frame was told at its start whether storage works
    }
  } else if (m.do === "event") fire(m.name as string, m.data);
}

/** What we listen to on the way down, so that the page cannot keep it from us. */
const listeners: Record<string, (e: never) => void> = {
  message: heard,
  resize,
  blur: (e: Event) => {
    // Focus moves into the frame: the page may have navigated since, without being loaded.
    if (e.eventPhase > 1) update();
  },
  popstate: (e: Event) => {
    if (!added) return;
    // Only our entry was left, so nothing has changed for the page: a router that listens after us is not made to draw it again.
    if (added === place()) e.stopImmediatePropagation();
    added = "";
    if (!isLeaving) close();
    isLeaving = false;
    resize();
  },
  keydown: (e: KeyboardEvent) => {
    if (pressed(e) !== "F6" || !isOpen) return;
    e.preventDefault();
    from = d.activeElement as HTMLElement;
    frame?.focus();
    post({ do: "focus" });
  },
  visibilitychange: () => {
    count(unread);
    // a conversation may have begun in another tab
    if (!d.hidden && isKnown()) load();
  },
  storage: ({ key, newValue: value }: StorageEvent) => {
    if (key?.startsWith(prefix())) post({ do: "kept", name: key.slice(prefix().length), value });
  },
  pagehide: () => {
    loaders.delete(me);
    loaders.forEach((l) => l.d.defaultView?.setTimeout(l.settle, SETTLE_AFTER));
  },
  pageshow: (e: PageTransitionEvent) => {
    // as it was left, but the chat may have been opened or closed in the tab since
    if (!e.persisted) return;
    loaders.add(me);
    settleAll();
    if (remember() === "closed") close();
    else if (box) wake();
  },
};

/** Listens to page and launcher; what listens already does so once. */
function listen(): void {
  for (const name of Object.keys(listeners)) addEventListener(name, listeners[name] as EventListener, true);
  viewport?.addEventListener("resize", resize);
  button.onpointerenter = button.onfocus = load;
  button.onclick = () => open({});
}

/** Opens the chat if it was open in this tab, and loads it if it may have something to say. */
function wake(): void {
  const before = remember();
  if (before === "open" && innerWidth > 479 && !isOpen) open();
  else if (before || who || isKnown()) load();
}

/** Draws the launcher if it is up to this window. */
function settle(): void {
  if (!me.site || !d.body) return;
  const isUs = chief() === me;
  if (isUs && !box) {
    ({ box, root, button, badge } = newLauncher());
    dress();
    stay();
    if (asked) open(asked);
    else wake();
  } else if (!isUs && box) leave();
}

/** The launcher is up to another window, or becomes that of another site. What is open stays so there. */
function leave(): void {
  isOpen = isReady = false;
  dress();
  count(0);
  box?.remove();
  box = frame = asked = null;
}

/** `server` is that of the tag that includes the script with these options. */
function boot(more: Options = {}, server?: string): void {
  const site = (more.site || me.site) as string;
  if (box && (site !== me.site || (server && server !== base))) leave();
  me.site = site;
  if (server) {
    base = server;
    // the page before was about this product
    if (tagged && o.product === tagged) more = { product: null, ...more };
    tagged = more.product;
  }
  update(more);
  if (d.body) settleAll();
  else d.addEventListener("DOMContentLoaded", settleAll);
}

function update(a: Options = {}): void {
  o = { ...o, ...a };
  if (!box) return;
  dress();
  post({ do: "update", page: page(), ...a, color: tint });
}

const calls: Record<string, (a: never, b: never) => void> = Object.assign(Object.create(null), {
  boot,
  open: (a: Options = {}) => {
    if (box) open(a);
    else asked = a;
  },
  close,
  identify: (a: typeof who) => {
    // what was said here joins the account, and what an account left is deleted: only the frame can do either
    if (a || who) load();
    who = a;
    o.customer = a && a.customer;
    o.token = a?.token;
    post({ ...o, do: "identify" });
  },
  update,
  product: (product: unknown) => update({ product }),
  send: (a: unknown) => {
    load();
    post({ do: "send", a });
  },
  track: (a: unknown, b: unknown) => void post({ do: "track", a, b }),
  on: (name: string, f: Handler) => void (handlers[name] ||= []).push(f),
});
function api(name?: unknown, a?: unknown, b?: unknown): void {
  const first = chief();
  // each window has a site and handlers of its own; all else is for the one that has the chat
  if (first !== me && name !== "boot" && name !== "on") return first.api(name, a, b);
  stay();
  const f = calls[name as string];
  if (f) return f(a as never, b as never);
  const message = `yingda: ${name} is not enabled for this site`;
  console.warn(message);
  fire("error", { code: `${name}_not_enabled`, message });
}
const queued = w.yingda?.q || [];
// the page runs this script again with its next page, or includes it twice
const here = [...loaders].find((l) => l.d === d) || me;
loaders.add(here);
addEventListener("popstate", listeners.popstate as EventListener, true);
w.yingda = here.api;
here.api("boot", { ...script?.dataset }, origin + (/^\/o\/[^/]+/.exec(pathname) ?? ""));
for (const args of queued) here.api(...args);
