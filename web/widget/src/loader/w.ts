/**
 * The loader: `<script async src="…/w.js" data-site="KEY">`. It draws the launcher, and loads the app into an iframe
 * only when someone approaches it. Before that it uses no cookies and no storage and makes no further request. It
 * must work under a strict CSP with Trusted Types: no markup, no inline styles, no scripts made from text.
 */
import { pressed } from "@yingda/api/keys";
import { readable } from "../brand";

type Options = Record<string, unknown>;
type Handler = (data: unknown) => void;
type Api = ((...args: unknown[]) => void) & { q?: Iterable<unknown>[] };

const w = window as Window & { yingda?: Api };
const d = document;
const viewport = w.visualViewport;
const script = d.currentScript as HTMLScriptElement | null;
const base = new URL(script?.src || location.href).origin;

const CHAT = "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-4.5 3.5V17H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM8 9.8h8M8 13h5";
const LOOK = `:host{all:initial}
button{all:unset;display:flex;align-items:center;gap:9px;height:56px;padding:0 20px 0 16px;border-radius:28px 28px 28px 6px;background:var(--c);color:#fff;font:600 16px/1.4 "PingFang SC","Microsoft YaHei UI","Segoe UI",sans-serif;cursor:pointer}
button,iframe{position:fixed;z-index:2147483000;bottom:var(--o);inset-inline-end:var(--o);box-shadow:0 6px 20px -4px #0004}
.s button,.s iframe{inset-inline:var(--o) auto}.s button{border-radius:28px 28px 6px 28px}
button:hover{filter:brightness(.9)}button:focus-visible{outline:2px solid var(--c);outline-offset:2px}
svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
b{position:absolute;top:-6px;inset-inline-end:-3px;min-width:12px;padding:0 5px;border-radius:11px;background:#c2331b;color:#fff;font:600 12px/22px sans-serif;text-align:center;box-shadow:0 0 0 2px #fff}
iframe{width:min(var(--w),100vw - 2*var(--o));height:min(2*var(--w),100vh - 56px - .1*var(--w));border:0;outline:1px solid #888b;border-radius:18px}
.f iframe{inset:0;width:100%;height:100dvh;border-radius:0}
[hidden]{display:none!important}
@media(max-width:479px){button{padding:0 15px}span{display:none}}`;

let o: Options = {};
let site = "";
let box: HTMLElement | null = null;
let root: HTMLElement;
let button: HTMLButtonElement;
let badge: HTMLElement;
let frame: HTMLIFrameElement | null = null;
let isReady = false;
let isOpen = false;
let asked: Options | null = null;
let from: HTMLElement | null = null;
let still: HTMLElement[] = [];
let pushed = false;
let unread = 0;
let tint: string | undefined;
/** returns the proof that the account signed in on the page, `o.customer`, is here */
let ticket: (() => unknown) | undefined;
const handlers = new Map<string, Handler[]>();

const fire = (name: string, data?: unknown) => handlers.get(name)?.forEach((f) => f(data));
const english = () => /^en/i.test((o.lang || d.documentElement.lang || navigator.language) as string);
const post = (m: Options) => isReady && frame?.contentWindow?.postMessage({ yingda: 1, ...m }, base);
const prefix = () => `yingda.${site}.`;
const title = () => d.title.replace(/^\(\d\+?\) /, "");
const page = () => ({ title: title(), url: location.href });

/** The host page's storage, used only if the iframe's own is refused, and only after the first message. */
function recall(): Record<string, string> | null {
  try {
    const out: Record<string, string> = {};
    for (const k of Object.keys(localStorage))
      if (k.startsWith(prefix())) out[k.slice(prefix().length)] = localStorage[k] as string;
    return out;
  } catch {
    return null;
  }
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

function build(): void {
  box = d.createElement("yingda-chat");
  const shadow = box.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK);
  shadow.adoptedStyleSheets = [sheet];
  root = d.createElement("div");
  button = d.createElement("button");
  button.type = "button";
  const draw = (tag: string) => d.createElementNS("http://www.w3.org/2000/svg", tag);
  const svg = draw("svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = draw("path");
  path.setAttribute("d", CHAT);
  svg.append(path);
  badge = d.createElement("b");
  badge.hidden = true;
  button.append(svg, badge, d.createElement("span"));
  button.onpointerenter = button.onfocus = () => load();
  button.onclick = () => open({});
  root.append(button);
  shadow.append(root);
  dress();
  d.body.append(box);
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

function load(): void {
  if (frame || !box) return;
  frame = d.createElement("iframe");
  frame.title = button.textContent || "";
  frame.hidden = true;
  frame.src = `${base}/widget/frame.html?site=${encodeURIComponent(site)}`;
  root.append(frame);
}

/** Full screen on small windows: the page behind is inert, and Back closes the panel. */
function resize(): void {
  const full = isOpen && (innerWidth < 480 || innerHeight < 560);
  root.classList.toggle("f", full);
  // above a phone's keyboard
  if (frame) frame.style.height = full && viewport ? `${viewport.height}px` : "";
  if (full && !still.length) {
    still = ([...d.body.children] as HTMLElement[]).filter((e) => e !== box && !e.inert);
    still.forEach((e) => (e.inert = true));
    if (!pushed) {
      history.pushState({ ...history.state, yingda: 1 }, "");
      pushed = true;
    }
  } else if (!full) {
    still.forEach((e) => (e.inert = false));
    still = [];
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
  if (how || pushed) frame?.focus();
  fire("open");
}

function close(): void {
  if (!isOpen) return;
  isOpen = false;
  remember("closed");
  if (frame) frame.hidden = true;
  post({ do: "close" });
  dress();
  if (pushed) {
    pushed = false;
    if (history.state?.yingda) history.back();
  }
  (button.hidden ? from : button)?.focus();
  fire("close");
}

function count(n: number): void {
  unread = n;
  badge.hidden = !n;
  badge.textContent = n > 9 ? "9+" : String(n);
  words();
  const now = (n && d.hidden ? `(${badge.textContent}) ` : "") + title();
  if (now !== d.title) d.title = now;
  fire("unread", n);
}

/** Only messages from our frame's own window on our own origin are accepted. */
function heard(e: MessageEvent<Options>): void {
  if (!frame || e.source !== frame.contentWindow || e.origin !== base || e.data?.yingda !== 1) return;
  const m = e.data;
  if (m.do === "ready") {
    isReady = true;
    // Focus given to the frame while it loaded may have been lost with its initial empty document.
    if (d.activeElement === box) {
      frame.blur();
      frame.focus();
    }
    post({ do: "init", ...o, color: tint, page: page(), kept: recall(), open: isOpen ? asked || {} : null });
    asked = null;
  } else if (m.do === "size") box?.style.setProperty("--w", `${25 * (m.px as number)}px`);
  else if (m.do === "close") close();
  else if (m.do === "ticket") {
    const answer = (t?: unknown) => post({ do: "ticket", ticket: t || null });
    Promise.resolve(ticket?.()).then(answer, () => answer());
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

function boot(more: Options): void {
  o = { ...o, ...more };
  site = (o.site || "") as string;
  if (box || !site) return;
  const run = () => {
    if (box) return;
    build();
    addEventListener("message", heard);
    addEventListener("resize", resize);
    // Focus moves into the frame: the page may have navigated since, without being loaded.
    addEventListener("blur", () => api("update"));
    viewport?.addEventListener("resize", resize);
    addEventListener("popstate", () => {
      if (!pushed) return;
      pushed = false;
      close();
    });
    addEventListener("keydown", (e) => {
      if (pressed(e) !== "F6" || !isOpen) return;
      e.preventDefault();
      from = d.activeElement as HTMLElement;
      frame?.focus();
      post({ do: "focus" });
    });
    d.addEventListener("visibilitychange", () => count(unread));
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(prefix())) post({ do: "kept", name: key.slice(prefix().length), value: newValue });
    });
    const before = remember();
    if (before === "open" && innerWidth > 479) open();
    else if (before) load();
  };
  if (d.body) run();
  else d.addEventListener("DOMContentLoaded", run);
}

const calls: Record<string, (a: never, b: never) => void> = {
  boot,
  open: (a: Options = {}) => {
    boot({});
    if (box) open(a);
    else asked = a;
  },
  close,
  identify: (a: { customer: string; ticket(): unknown } | null) => {
    // what was said here joins the account, and what an account left is deleted: only the frame can do either
    if (a || o.customer) load();
    o.customer = a && a.customer;
    ticket = a?.ticket;
    post({ ...o, do: "identify" });
  },
  update: (a: Options = {}) => {
    o = { ...o, ...a };
    if (!box) return;
    dress();
    post({ do: "update", page: page(), ...a, color: tint });
  },
  on: (name: string, f: Handler) => {
    handlers.set(name, [...(handlers.get(name) || []), f]);
  },
};
const api: Api = (name, a, b) => {
  if (Object.keys(calls).includes(name as string)) return calls[name as string]?.(a as never, b as never);
  const message = `yingda: ${name} is not enabled for this site`;
  console.warn(message);
  fire("error", { code: `${name}_not_enabled`, message });
};
const queued = w.yingda?.q || [];
w.yingda = api;
boot({ ...script?.dataset });
for (const args of queued) api(...args);
