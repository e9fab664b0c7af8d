import type { Lang } from "@yingda/api/types";
import { h, render } from "./dom";
import { addFiles, begin, closePanel, draw, lookAt, openPanel, seen, setPage, setPaint, ui } from "./app";
import { framed, listen, toHost, type FromHost, type HostOptions } from "./host";
import { get, openKept } from "./kept";
import { followSystem, look } from "./look";
import { loadWords } from "./text";
import { App } from "./view/app";
import { focusComposer } from "./view/composer";

const query = new URLSearchParams(location.search);
const hosted = /^\/c\/([^/]+)/.exec(location.pathname);
const site = decodeURIComponent(hosted?.[1] ?? query.get("site") ?? "");

const langOf = (wanted?: string | null): Lang => (/^en/i.test(wanted || navigator.language) || !/^zh/i.test(wanted || navigator.language) ? "en" : "zh-CN");

/** Draws, and keeps the log's end in view if it was there or something of ours was added. */
function paint(): void {
  const log = document.querySelector(".log");
  const atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  render(h(App, null), document.body);
  if (atEnd || ui.follow) {
    ui.follow = false;
    const end = document.querySelector(".log");
    if (end) end.scrollTop = end.scrollHeight;
  }
}

async function start(o: HostOptions, kept: Record<string, string> | null): Promise<void> {
  openKept(site, kept, (name, value) => toHost({ do: "keep", name, value }));
  look({ ...o, scale: Number(get("scale")) || o.scale });
  followSystem();
  await loadWords(langOf(o.lang));
  setPaint(paint);
  begin(site, { page: o.page, transport: query.get("transport") });
  paint();
  toHost({ do: "size", px: parseFloat(getComputedStyle(document.documentElement).fontSize) });
}

function update(o: HostOptions): void {
  look(o);
  setPage(o.page);
  if (o.lang) void loadWords(langOf(o.lang)).then(draw);
  if (o.product !== undefined) void lookAt(o.product);
  draw();
}

async function heard(m: FromHost): Promise<void> {
  if (m.do === "init") {
    await start(m, m.kept);
    if (m.product) void lookAt(m.product);
    toHost({ do: "event", name: "ready" });
    if (m.open) await shown(m.open);
  } else if (m.do === "open") await shown(m);
  else if (m.do === "update") update(m);
  else if (m.do === "focus") focusComposer();
  else if (m.do === "close") {
    ui.open = false;
    draw();
  }
}

function shown(o: { product?: string; ask?: string; human?: boolean }): Promise<void> {
  const done = openPanel(o);
  queueMicrotask(focusComposer);
  return done;
}

addEventListener("keydown", (e) => {
  if (e.key === "Escape") {
    if (ui.picture || ui.menu || ui.emoji) {
      ui.picture = null;
      ui.menu = ui.emoji = false;
      draw();
    } else if (!ui.hosted) closePanel();
  } else if (e.key === "F6" && framed) {
    e.preventDefault();
    toHost({ do: "leave" });
  }
});
document.addEventListener("visibilitychange", () => {
  seen();
  draw();
});
// Files dropped anywhere on us are meant for the conversation; dropped beside it they must not replace the page.
for (const kind of ["dragover", "drop"]) {
  addEventListener(kind, (e) => {
    e.preventDefault();
    document.documentElement.classList.toggle("drop", kind === "dragover");
    if (e instanceof DragEvent && kind === "drop") addFiles(e.dataTransfer?.files ?? []);
  });
}
addEventListener("dragleave", () => document.documentElement.classList.remove("drop"));
// Counting down to the next attempt, and marks that get their words after a second.
setInterval(() => {
  if (ui.status?.state === "down" || ui.c.pending.length) draw();
}, 1000);

if (hosted) {
  ui.hosted = true;
  const o: HostOptions = { theme: query.get("theme") ?? undefined, scale: Number(query.get("scale")) || undefined };
  void start({ ...o, lang: query.get("lang") ?? undefined, page: { title: document.title, url: location.origin + location.pathname } }, null).then(() =>
    shown({ product: query.get("product") ?? undefined }),
  );
} else if (framed) listen((m) => void heard(m));
