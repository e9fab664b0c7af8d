import { applyFrame, emptyConversation, unreadOf, withPending, type ConversationView } from "@yingda/api/conversation";
import { newId } from "@yingda/api/ids";
import { Shelf } from "@yingda/api/shelf";
import { openStream, type EventStream, type Frame, type Transport } from "@yingda/api/stream";
import type { Lang, PageContext, ProductCard, SendBody, WidgetSession } from "@yingda/api/types";
import { ask, type Refusal } from "./ask";
import { toHost, type OpenOptions } from "./host";
import { alone, firstMessage, forgetAll, full, get, names, place, set } from "./kept";
import { lazily, within } from "./later";
import { isClosed, openLeft, recallLeft, told } from "./leaving";
import { look } from "./look";
import { belongsTo, endSession, isOutside, join, returning, setSession, token, visitor } from "./session";
import { chime } from "./sound";
import { lang, pick } from "./text";
import { draw, ui, type Upload } from "./ui";

/** The maximum file size the server accepts. */
const LARGEST = 20 * 1024 * 1024;

const BACK_FOR = 3000;
/** How long the site's data is used before it is fetched again when it matters. */
const SITE_FOR = 30_000;

let siteUrl: `/sites/${string}`;
let siteAt = 0;
let page: PageContext | undefined;
let transports: Transport[] | undefined;
let stream: EventStream | null = null;
/** whether the server has the conversation in `ui.c` */
let known = false;
let visitorSeq: number | null = null;
let lastProduct = "";
/** the product last requested, and the request: messages sent before it arrives are about it, too */
let wanted: string | null = null;
let coming: Promise<unknown> | null = null;
/** The maximum time a message waits for it, in milliseconds. */
const COMES_WITHIN = 1000;
/** measures how long things took; it is told of every frame once its part is loaded */
let measure: ((f: Frame, before: ConversationView) => void) | undefined;
/** The waits before an account is tried again that could not be joined, in milliseconds; after that, the next session tries. */
const JOIN_AFTER = [2000, 4000, 8000, 16_000, 32_000];
let joinTimer: ReturnType<typeof setTimeout> | undefined;
/** whether the connection is closed because an account is being joined */
let isJoining = false;

// ---------------------------------------------------------------- beginning

export function begin(key: string, here?: PageContext, transport?: string): void {
  siteUrl = `/sites/${encodeURIComponent(key)}`;
  page = here;
  transports = transport?.split(",") as Transport[] | undefined;
  setSession(key, onSession);
  recall();
  ui.sound = get("sound") === "1";
  void loadSite();
  if (returning()) connect();
}

/** Restores what was written here and not sent. */
function recall(): void {
  ui.draft = (keptDraft = get("draft")) ?? "";
  recallLeft();
}

export async function loadSite(): Promise<void> {
  siteAt = Date.now();
  try {
    ui.site = await ask(siteUrl);
    ui.trouble = null;
    look({ siteColor: ui.site.brand });
    seen();
  } catch (e) {
    // the data fetched before is better than nothing
    if (!ui.site) ui.trouble = (e as Refusal).status === 404 ? "site_unknown" : "load";
  }
  draw();
}

/** Fetches the site again if its data is old: people may have come or gone. */
export function checkHours(): void {
  if (ui.site && Date.now() - siteAt > SITE_FOR) void loadSite();
}

/** Checks again once people should be back; called regularly. */
export function minute(): void {
  const opens = ui.site?.service?.opens_at;
  if (opens && opens <= Date.now()) checkHours();
}

export const setPage = (p: PageContext | undefined): void => {
  if (p) page = p;
};

/** Starts the connection; until then, the widget has told the server nothing. */
export function connect(): void {
  if (isJoining) return;
  if (stream) return stream.start();
  void import("./times").then(
    (part) => (measure = part.measuring(siteUrl)),
    () => undefined,
  );
  stream = openStream({
    token,
    transports,
    hello: () => {
      const cursors: Record<string, number | null> = {};
      const v = visitor();
      if (v) cursors[v] = visitorSeq;
      if (ui.c.id && known) cursors[ui.c.id] = ui.c.seq;
      return { cursors };
    },
    attentive: () => !document.hidden && /queued|offered|active|on_hold/.test(ui.c.state),
    storage: shelf,
    onFrame,
    onStatus: (s) => {
      ui.back = s.state === "live" && (ui.back || ui.status?.state === "down");
      if (ui.back)
        setTimeout(() => {
          ui.back = false;
          draw();
        }, BACK_FOR);
      ui.status = s;
      draw();
    },
  });
  stream.start();
  shelf.takeOver((list) => {
    if (!ui.c.id) ui.c = emptyConversation(list[0]?.conversation);
    stream?.adopt(list);
    refreshPending();
  });
}

/** Each page has its own unsent messages; those of a page that has ended are taken over by exactly one other page. */
const shelf = new Shelf(
  { get: (n) => get(n as "out.0"), set: (n, v) => set(n as "out.0", v), names, alone },
  "out.",
  newId("o").slice(14),
);

function onSession(s: WidgetSession, isAnew: boolean, isOther: boolean): void {
  if (isOther) forget();
  else if (isAnew) anew();
  if (s.conversation && (!ui.c.id || ui.c.id === s.conversation)) {
    if (!ui.c.id) ui.c = { ...emptyConversation(s.conversation), pending: stream?.pending() ?? [] };
    known = true;
  }
  draw();
}

/** Starts without a conversation; unsent messages are kept. */
function anew(): void {
  visitorSeq = null;
  known = false;
  lastProduct = "";
  ui.c = withPending(emptyConversation(), stream?.pending() ?? []);
}

/** Everything here belonged to an account that is signed out: removes all of it. */
function forget(): void {
  for (const p of stream?.pending() ?? []) stream?.drop(p.client_id);
  for (const u of ui.uploads) u.cancel();
  clearTimeout(draftTimer);
  Object.assign(ui, {
    draft: "",
    left: { text: "", contact: "" },
    leaving: false,
    uploads: [],
    suggestions: [],
    skipped: "",
    picture: null,
    about: "",
  });
  ui.cards.clear();
  anew();
  seen();
}

/** The page says which account is signed in. */
export async function identify(customer: string | null | undefined): Promise<void> {
  if (customer === undefined) return;
  clearTimeout(joinTimer);
  const change = belongsTo(customer);
  if (change === "forget") {
    stream?.stop();
    isJoining = false;
    forget();
    forgetAll();
    endSession();
    draw();
  } else if (change) await joinAccount(0);
}

/** Joins the account that the page names. The connection is closed first: unanswered sends are repeated on the next one, and stored once. */
async function joinAccount(tries: number): Promise<void> {
  const begins = (): void => {
    isJoining = true;
    stream?.stop();
  };
  const joined = await join(begins).catch(() => false);
  const wasClosed = isJoining;
  isJoining = false;
  if (wasClosed || joined || isOutside()) connect();
  // on failure, the visitor's own session continues
  const wait = JOIN_AFTER[tries];
  clearTimeout(joinTimer);
  if (!joined && isOutside() && wait)
    joinTimer = setTimeout(() => void joinAccount(tries + 1), wait * (0.75 + Math.random() / 2));
}

function switchTo(id: string): void {
  known = true;
  if (ui.c.id !== id) ui.c = withPending(emptyConversation(id), stream?.pending() ?? []);
  stream?.follow();
}

// ---------------------------------------------------------------- frames

function onFrame(f: Frame): void {
  const before = ui.c;
  if (f.t === "no") refused(f);
  if ((f.t === "entries" || f.t === "reset") && f.stream === visitor()) {
    for (const e of f.entries) {
      visitorSeq = e.seq;
      if (e.kind === "current" && e.body && e.body.conversation !== ui.c.id && !(ui.c.pending.length && !known))
        switchTo(e.body.conversation);
    }
    if (f.t === "reset") visitorSeq = f.seq;
  }
  ui.c = applyFrame(ui.c, f);
  measure?.(f, before);
  if (
    f.t === "ok" &&
    !known &&
    before.pending.some((p) => p.client_id === f.client_id && p.conversation === before.id)
  ) {
    known = true;
    stream?.follow();
  }
  if (ui.c.gap) {
    ui.c = { ...ui.c, gap: false };
    stream?.follow();
  }
  if (ui.c !== before) changed(before);
  draw();
}

function refused(f: Frame & { t: "no" }): void {
  if (!f.client_id) {
    if (f.code === "upgrade_required") ui.trouble = f.code;
    return;
  }
  const p = ui.c.pending.find((x) => x.client_id === f.client_id);
  if (!p) return;
  if (p.body.type === "judge_answer") drop(f.client_id);
  else if (f.code === "use" && f.conversation) switchTo(f.conversation);
  else if (f.code === "closed") {
    // nobody is available: offer to leave a message instead
    drop(f.client_id);
    told(f);
    if (!known) {
      lastProduct = "";
      void lookAt(p.open?.product ?? null);
    }
    openLeft();
  } else if (f.code === "conversation_closed" && p.body.type !== "rate" && p.body.type !== "end") {
    // the conversation is closed, so the message begins a new one
    drop(f.client_id);
    if (p.conversation === ui.c.id && known) fresh();
    say(p.body);
  }
}

/** What follows from a change of the conversation: marks, badge, sound. */
function changed(before: ConversationView): void {
  const c = ui.c;
  seen();
  const added =
    before.id === c.id && before.seq !== null && c.seq !== before.seq
      ? c.entries.filter((e) => e.seq > (before.seq ?? 0))
      : [];
  for (const e of added)
    if (e.kind === "message" && (e.body as { outcome?: string } | null)?.outcome === "closed") told(e.body as object);
  const theirs = added.filter((e) => e.by.kind === "agent" && e.kind === "message");
  const joined = added.some((e) => e.kind === "assigned");
  if (ui.sound && (joined || (theirs.length && (document.hidden || !ui.open)))) chime();
  if (theirs.length) toHost({ do: "event", name: "message", data: { count: theirs.length } });
}

/** Reports how far the other side's messages arrived and were read, and how many are unread. */
export function seen(): void {
  const { c } = ui;
  if (c.id && known && c.ord.staff) {
    const read = ui.open && !document.hidden ? c.ord.staff : c.marks.customer.read;
    stream?.mark(c.id, c.ord.staff, read);
    ui.c = applyFrame(c, { t: "marks", stream: c.id, customer: { received: c.ord.staff, read } });
  }
  const n = unreadOf(ui.c, "customer");
  toHost({ do: "unread", n });
  if (ui.hosted && ui.site) document.title = (n && document.hidden ? `(${n}) ` : "") + pick(ui.site.name);
}

// ---------------------------------------------------------------- saying

/** Begins a conversation that the server does not know yet. */
function fresh(): void {
  ui.c = emptyConversation(newId("cnv"));
  known = false;
  lastProduct = "";
}

/** Shows all pending sends, including those for a conversation that is no longer the current one: a failed send is never out of sight. */
function refreshPending(): void {
  if (stream) ui.c = withPending(ui.c, stream.pending());
  draw();
}

export function say(body: SendBody): void {
  if (coming) return void coming.then(() => say(body));
  if (!ui.c.id || ui.c.state === "closed") fresh();
  connect();
  firstMessage();
  const id = ui.c.id;
  if (!id || !stream) return;
  const { product } = ui;
  const open = known
    ? undefined
    : { lang: lang as Lang, ...(product ? { product: product.id } : {}), ...(page ? { page } : {}) };
  if (product && product.id !== lastProduct) {
    if (known && body.type !== "product") stream.send(id, { type: "product", product: product.id });
    lastProduct = product.id;
  }
  ui.product = null;
  stream.send(id, body, open);
  ui.follow = true;
  refreshPending();
}

export function sayText(text: string): void {
  const words = text.trim();
  if (!words) return;
  typing(false);
  say({ type: "text", text: words });
}

/** Asks for a human agent or, if none is available, opens the form for a message that one will answer. */
export const askHuman = (): void => (isClosed() ? openLeft() : say({ type: "request_human", via: "button" }));

/** Says whether an answer of the bot helped. */
export function judge(answer: number, helpful: boolean): void {
  if (!ui.c.id || !known) return;
  stream?.send(ui.c.id, { type: "judge_answer", answer, helpful });
  refreshPending();
}

export function resend(...ids: string[]): void {
  stream?.resend(...ids);
  refreshPending();
}
/** Puts a refused text back into the composer. */
export function edit(id: string, text: string): void {
  drop(id);
  write(ui.draft ? `${text}\n${ui.draft}` : text);
}
export function drop(id: string): void {
  stream?.drop(id);
  ui.c = { ...ui.c, pending: ui.c.pending.filter((p) => p.client_id !== id) };
  draw();
}
export const retryNow = (): void => (ui.trouble ? void loadSite() : stream?.retryNow());
export function older(): void {
  const first = ui.c.entries[0]?.seq ?? 1;
  if (ui.c.id && first > 1) stream?.get(ui.c.id, Math.max(1, first - 50), first - 1);
}

// ---------------------------------------------------------------- writing

let suggestTimer: ReturnType<typeof setTimeout> | undefined;
let draftTimer: ReturnType<typeof setTimeout> | undefined;
/** the draft this page saved last */
let keptDraft: string | null;
let typingTimer: ReturnType<typeof setTimeout> | undefined;
let typingSince = 0;

export function write(text: string, composing = false): void {
  ui.draft = text;
  if (text) connect();
  clearTimeout(draftTimer);
  draftTimer = setTimeout(() => set("draft", (keptDraft = ui.draft || null)), 250);
  typing(!!text);
  clearTimeout(suggestTimer);
  ui.chosen = -1;
  const q = text.trim();
  if (composing || [...q].length < 2 || q.length > 60 || ui.c.state !== "bot") ui.suggestions = [];
  else
    suggestTimer = setTimeout(
      () =>
        ask(`${siteUrl}/suggestions?q=${encodeURIComponent(q)}&lang=${lang}`).then(
          (r) => {
            if (ui.draft.trim() !== q) return;
            ui.suggestions = r.items;
            draw();
          },
          // missing suggestions do no harm
          () => undefined,
        ),
      120,
    );
  draw();
}

/** Clears the composer. */
export function clearDraft(): void {
  write("");
  clearTimeout(draftTimer);
  // another tab may be writing something else
  if (get("draft") === keptDraft) set("draft", null);
}

function typing(on: boolean): void {
  clearTimeout(typingTimer);
  const id = ui.c.id;
  if (!id || !known || (!on && !typingSince)) return;
  if (on) {
    typingTimer = setTimeout(() => typing(false), 4000);
    if (Date.now() - typingSince < 3000) return;
  }
  typingSince = on ? Date.now() : 0;
  stream?.typing(id, on);
}

// ---------------------------------------------------------------- files

export const files = lazily(() => import("./view/files"));

export function addFiles(list: Iterable<File>): void {
  for (const file of list) {
    const u: Upload = { file, progress: 0, cancel: () => undefined };
    ui.uploads.push(u);
    void send(u);
  }
  ui.follow = true;
}

export async function send(u: Upload): Promise<void> {
  delete u.code;
  if (u.file.size > LARGEST) u.code = "file_large";
  else if (!u.file.size) u.code = "upload_empty";
  draw();
  if (u.code) return;
  if (!ui.c.id) fresh();
  connect();
  u.id ??= stream?.chosen(ui.c.id as string, u.file.name);
  try {
    const { upload } = await files.load().catch(() => Promise.reject("network"));
    if (!ui.uploads.includes(u)) return;
    const card = await upload(u, draw);
    if (!ui.uploads.includes(u)) return;
    unload(u);
    say({ type: "file", file: card.id });
  } catch (code) {
    u.code = String(code);
    draw();
  }
}
/** Removes a file, however far its upload has come. */
export function unload(u: Upload): void {
  u.cancel();
  ui.uploads = ui.uploads.filter((x) => x !== u);
  drop(u.id ?? "");
}

// ---------------------------------------------------------------- the page around us

/** A product by its id; fetched once. */
export function goodsOf(id: string): ProductCard | null {
  if (!ui.goods.has(id)) {
    ui.goods.set(id, null);
    void fetchGoods(id);
  }
  return ui.goods.get(id) ?? null;
}

async function fetchGoods(id: string): Promise<ProductCard | null> {
  const g = await ask(`${siteUrl}/goods/${encodeURIComponent(id)}`).catch(() => null);
  if (g) ui.goods.set(id, g);
  draw();
  return g;
}

async function fetchWanted(id: string): Promise<void> {
  const g = ui.goods.get(id) ?? (await fetchGoods(id));
  if (!g || wanted !== id) return;
  ui.product = g;
  ui.follow = true;
  draw();
}

export async function lookAt(id: string | null): Promise<void> {
  wanted = id;
  if (!id) ui.product = null;
  else if (id !== lastProduct) {
    await (coming = within(COMES_WITHIN, fetchWanted(id)));
    coming = null;
  }
  draw();
}
export async function openPanel(o: OpenOptions): Promise<void> {
  ui.open = true;
  ui.follow = true;
  ui.about = "";
  seen();
  checkHours();
  draw();
  if (o.product) await lookAt(o.product);
  if (o.ask) sayText(o.ask);
  if (o.human && ui.c.state === "bot") askHuman();
}

export function closePanel(): void {
  if (ui.hosted) return;
  ui.open = ui.menu = ui.emoji = false;
  draw();
  toHost({ do: "close" });
}

export function setSound(on: boolean): void {
  ui.sound = on;
  set("sound", on ? "1" : null);
  if (on) chime();
  draw();
}

/** Storage is refused everywhere or full, and there is something to lose. */
export const forgetful = (): boolean => full || (place === "memory" && ui.c.seq !== null);
