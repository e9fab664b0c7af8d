import { pressed } from "@yingda/api/keys";
import { dropped, holdsFiles } from "@yingda/api/transfer";
import type { Lang } from "@yingda/api/types";
import { identify } from "./account";
import { asking } from "./asking";
import { begin, closePanel, openPanel } from "./app";
import { seen } from "./marks";
import { lookAt } from "./products";
import { setPage } from "./saying";
import { minute } from "./site";
import { addFiles } from "./uploads";
import { h, render } from "./dom";
import { framed, listen, toHost, type FromHost, type HostOptions, type OpenOptions } from "./host";
import { forgetAll, get, openKept, place, set } from "./kept";
import { within } from "./later";
import { followSystem, look } from "./look";
import { calls } from "./on-request";
import { belongsTo } from "./session";
import { box, rems, setElder, setScale } from "./size";
import { loadWords } from "./text";
import { draw, focusComposer, setPaint, ui } from "./ui";
import { App } from "./view/app";
import { about, rail } from "./view/lazy";

asking.load = about.load;

const query = new URLSearchParams(location.search);
const asked = (name: string): string | undefined => query.get(name) ?? undefined;
const hosted = /\/c\/([^/]+)$/.exec(location.pathname)?.[1];
// The query is decoded already: decoding it twice could name a different site than the one the server looked up.
const site = hosted === undefined ? (asked("site") ?? "") : decodeURIComponent(hosted);
const root = document.documentElement;
// With the document's own white space, the second drawing would move the first one's elements, and a moved element loses focus.
document.body.textContent = "";

const RAIL_WITHIN = 500;
/** The width in rem up to which elements are stacked. */
const NARROW = 21;
const langOf = (wanted: string = navigator.language): Lang => (/^zh/i.test(wanted) ? "zh-CN" : "en");

/**
 * Draws, and keeps the end of the log in view if the reader left it there or one of our own messages was added; but a new answer, or the message being read
 * while the size of the text changes, is read from its beginning.
 */
let atEnd = true;
let newest: Element | undefined;
function paint(): void {
  root.classList.toggle("narrow", rems() <= NARROW);
  render(h(App, null), document.body);
  const log = document.querySelector(".log");
  const last = [...document.querySelectorAll("article")].pop();
  const { hold } = ui;
  if (log && (atEnd || ui.follow || hold)) {
    const read = hold ?? (last !== newest && !last?.matches(".me") ? last : undefined);
    if (hold && hold !== last) log.scrollTop += box(hold).bottom - box(log).bottom;
    else log.scrollTo(0, 1e9);
    const over = read ? box(read).top - box(log).top : 0;
    if (over < 0) {
      log.scrollTop += over;
      atEnd = false;
    }
  }
  newest = last;
  ui.follow = false;
}
addEventListener(
  "scroll",
  ({ target }) => {
    if (target instanceof Element && target.matches(".log"))
      atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 60;
  },
  true,
);
addEventListener("resize", draw);

async function start(o: HostOptions, kept: Record<string, string> | null): Promise<void> {
  openKept(site, kept, (name, value) => toHost({ do: "keep", name, value }));
  if (belongsTo(o.customer) === "forget") forgetAll();
  const { token } = o;
  if (token) await calls((part) => part.names(token));
  look(o);
  setScale(Number(get("scale")) || o.scale || 100);
  setElder(o.mode === "elder");
  followSystem();
  await loadWords(langOf(o.lang));
  // its column is there before the first drawing, so that nothing moves; a slow one is not waited for
  if (ui.hosted)
    await within(
      RAIL_WITHIN,
      rail.load().catch(() => undefined),
    );
  setPaint(paint);
  begin(site, o.page, asked("transport"));
  if (o.product) void lookAt(o.product);
}

/** Does not take the focus from someone who uses the page while the chat loads. */
function show(o: OpenOptions, takesFocus = document.hasFocus()): void {
  void openPanel(o);
  if (takesFocus) queueMicrotask(focusComposer);
}

const pass = (m: FromHost): void => void calls((part) => part.heard(m));

let started: Promise<void> | undefined;

/** Handles a message from the host. Messages that arrive during the start wait for it: an opening would not yet find anything to focus. */
async function heard(m: FromHost): Promise<void> {
  if (m.do === "init") {
    await (started = start(m, m.kept));
    toHost({ do: "event", name: "ready" });
    pass(m);
    if (m.open) show(m.open);
    return;
  }
  await started;
  if (m.do === "open") show(m, true);
  else if (m.do === "update") {
    look(m);
    setPage(m.page);
    if (m.scale) setScale(m.scale);
    if (m.mode !== undefined) setElder(m.mode === "elder");
    if (m.lang) await loadWords(langOf(m.lang));
    if (m.product !== undefined) void lookAt(m.product);
    draw();
  } else if (m.do === "identify" && !m.token) await identify(m.customer);
  else if (m.do === "focus") focusComposer();
  else if (m.do === "kept") place === "host" && set(m.name as "sealed", m.value, false);
  else if (m.do === "close") {
    ui.open = false;
    draw();
  } else pass(m);
}

addEventListener("keydown", (e) => {
  const key = pressed(e);
  if (key === "Escape") {
    if (ui.picture || ui.menu || ui.emoji) {
      ui.picture = null;
      ui.menu = ui.emoji = false;
      draw();
    } else closePanel();
  } else if (key === "F6" && framed) {
    e.preventDefault();
    toHost({ do: "leave" });
  }
});
document.addEventListener("visibilitychange", () => {
  seen();
  draw();
});
// Files dropped anywhere on the widget are meant for the conversation.
for (const kind of ["dragover", "drop", "dragleave"] as const)
  addEventListener(kind, (e) => {
    root.classList.toggle("drop", kind === "dragover" && holdsFiles(e));
    if (kind === "drop") addFiles(dropped(e));
  });
// Counts down to the next attempt, and updates marks that get their text after a second.
setInterval(() => {
  minute();
  if (ui.status?.state === "down" || ui.c.pending.length) draw();
}, 1000);

if (hosted) {
  ui.hosted = true;
  const page = {
    // known once the site is
    get title() {
      return document.title;
    },
    url: location.origin + location.pathname,
  };
  void start(
    { lang: asked("lang"), theme: asked("theme"), scale: Number(asked("scale")), mode: asked("mode"), page },
    null,
  ).then(() => show({ product: asked("product") }, true));
} else if (framed) listen((m) => void heard(m));
