import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { check } from "@yingda/tokens/icons.ts";
import { forgetListeners } from "./listeners";
import { FakeSocket, welcome } from "../../api/test/fakes";
import enLater from "../locales/en/later.json";
import { linked } from "../../api/test/links.table";
import en from "../locales/en/widget.json";
import zhLater from "../locales/zh-CN/later.json";
import zh from "../locales/zh-CN/widget.json";

/** The app as the hosted page runs it, against a server played by the test. */
const site = {
  key: "demo",
  name: { zh: "临空", en: "Linkong" },
  bot_name: { zh: "小临", en: "Lin" },
  greeting: { zh: "您好", en: "Hello there" },
  privacy_note: { zh: "隐私", en: "Stored to serve you" },
  currency: "CNY",
  currency_sign: "¥",
  service: {
    open: true,
    staffed: true,
    free: true,
    wait_minutes: null as number | null,
    opens_at: null as number | null,
    promised_by: null as number | null,
    asks_rating: true,
    rating_reasons: [] as { id: string; name: { zh: string; en: string }; is_praise: boolean }[],
  },
  questions: [{ id: "kb-1", text: { zh: "套餐", en: "Which plans are there?" } }],
};
const goods = {
  id: "g-001",
  name: { zh: "澈岚", en: "Trelan X9" },
  price_fen: 499900,
  stock: 5,
  illustration: "phone",
};
const wordsOf = (url: string) =>
  /later/.test(url) ? (/locales\/en/.test(url) ? enLater : zhLater) : /locales\/en/.test(url) ? en : zh;
let asked: { path: string; body?: Record<string, unknown> }[] = [];
let conversation = "";
let n = 0;

const $ = <T extends HTMLElement>(selector: string) => document.querySelector<T>(selector) as T;
const $$ = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
const text = () => document.body.textContent ?? "";
const settle = () => vi.advanceTimersByTimeAsync(0);
const button = (name: string) =>
  $$("button").find(
    (b) => b.textContent?.includes(name) || b.ariaLabel === name || b.getAttribute("aria-label") === name,
  ) as HTMLElement;
const box = () => $<HTMLTextAreaElement>("#write");
const sends = () => FakeSocket.last.of("send");

async function press(name: string): Promise<void> {
  button(name).click();
  await settle();
}
async function write(words: string, enter: KeyboardEventInit = {}): Promise<void> {
  box().value = words;
  box().dispatchEvent(new InputEvent("input", { bubbles: true }));
  await settle();
  box().dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...enter }));
  await settle();
}
async function server(...frames: Record<string, unknown>[]): Promise<void> {
  FakeSocket.last.say(...frames);
  await settle();
}
const entry = (kind: string, body: object, by = "system", more: object = {}) => ({
  seq: ++n,
  kind,
  v: 1,
  at: Date.now(),
  by: { kind: by, ...(by === "agent" ? { name: "Zhou Min" } : {}) },
  body,
  ...more,
});
const entries = (...list: object[]) => server({ t: "entries", stream: conversation, entries: list });

/** Sends the first message and lets the server accept it. */
async function begin(words = "hello"): Promise<void> {
  await write(words);
  await server(welcome);
  const first = sends()[0] as { client_id: string; conversation: string };
  conversation = first.conversation;
  await server({ t: "ok", client_id: first.client_id, seq: 2, at: 1 });
  await entries(
    entry("opened", { episode: 1, lang: "en" }),
    entry("message", { type: "text", text: words, ord: 1 }, "customer", { client_id: first.client_id }),
  );
}
/** Lets the server know this browser, and the conversation that goes on. */
function goesOn(id: string): void {
  conversation = id;
  localStorage.setItem("yingda.demo.device", "d1");
  const others = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
    url.endsWith("widget/sessions")
      ? new Response(
          JSON.stringify({
            token: "tok",
            expires_at: Date.now() + 1e8,
            device: "d2",
            sealed: "s",
            visitor: "vst_1",
            generation: "g1",
            conversation: id,
          }),
          { status: 201 },
        )
      : others(url, init),
  );
}
const answer = (more: object) =>
  entry(
    "message",
    {
      type: "answer",
      outcome: "confident",
      text: "Yes.",
      lang: "en",
      ord: 1,
      options: [],
      related: [],
      offer_human: false,
      ...more,
    },
    "bot",
  );

/** Opens the page with every part loaded, or with none. */
async function open(query = "?lang=en", isWhole = true): Promise<void> {
  history.replaceState(null, "", `/c/demo${query}`);
  vi.resetModules();
  await import("../src/main");
  await vi.waitFor(() => expect($(".yd")).toBeTruthy());
  const parts = Object.values(await import("../src/view/lazy"));
  if (isWhole) await Promise.all(parts.map((part) => part.load()));
  await settle();
}

forgetListeners();
beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  site.service = {
    open: true,
    staffed: true,
    free: true,
    wait_minutes: null,
    opens_at: null,
    promised_by: null,
    asks_rating: true,
    rating_reasons: [],
  };
  n = 0;
  localStorage.clear();
  document.body.replaceChildren();
  delete (document.body as { had?: unknown }).had;
  FakeSocket.all = [];
  FakeSocket.mode = "open";
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
  Element.prototype.scrollTo = () => undefined;
  CSSStyleSheet.prototype.replaceSync = () => undefined;
  document.adoptedStyleSheets = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const path = url.replace("/api/v1/", "");
    asked.push({ path, ...(init.body ? { body: JSON.parse(String(init.body)) as Record<string, unknown> } : {}) });
    const body = /locales/.test(url)
      ? wordsOf(url)
      : path === "sites/demo"
        ? site
        : path.startsWith("sites/demo/goods")
          ? goods
          : path.startsWith("sites/demo/suggestions")
            ? { items: [{ id: "kb-7", text: "How do I leave a contract?" }] }
            : {
                token: "tok",
                expires_at: Date.now() + 1e8,
                device: "d1",
                sealed: "s1",
                visitor: "vst_1",
                generation: "g1",
                conversation: null,
              };
    return new Response(JSON.stringify(body), { status: 200 });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the way to a person", () => {
  it.each([
    [{ free: true, wait_minutes: null }, ""],
    [{ free: false, wait_minutes: 19 }, "About 19 minutes"],
    [{ free: false, wait_minutes: 61 }, "More than an hour"],
    [{ free: false, wait_minutes: null }, "There is a wait"],
    [{ free: false, wait_minutes: null, staffed: false }, "Nobody here now"],
  ])("says the wait before it is asked for: %j", async (now, words) => {
    Object.assign(site.service, now);
    await open();
    const human = $(".head .hum");
    expect(human.textContent).toBe(`Talk to a person${words}`);
    await begin();
    await entries(answer({ offer_human: true }));
    expect($(".offer small").textContent).toBe(words || "They can see this chat");
  });
});

describe("before anything is said", () => {
  it("greets, says it is an AI, and tells the server nothing", async () => {
    await open();
    expect(text()).toContain("Hello there");
    expect($(".head").textContent).toContain("LinAI");
    expect(asked.filter((a) => !a.path.includes("locales")).map((a) => a.path)).toEqual(["sites/demo"]);
    expect(FakeSocket.all).toEqual([]);
    expect(localStorage.length).toBe(0);
    expect(document.title).toBe("Linkong");
    expect($(".ft").textContent).toContain("AI can be wrong");
    expect($("[role=log]").getAttribute("aria-live")).toBe("polite");
  });

  it("speaks Chinese to who wants it", async () => {
    await open("?lang=zh-CN");
    expect(button("找人工")).toBeTruthy();
    expect(document.documentElement.lang).toBe("zh-CN");
  });

  it.each([
    [900, "g-001"],
    [1100, undefined],
  ])(
    "waits a moment for a product that comes after %i ms: words are about it, and said in time all the same",
    async (comesAfter, product) => {
      const quick = fetch;
      vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
        if (url.includes("/goods/")) await new Promise((done) => setTimeout(done, comesAfter));
        return quick(url, init);
      });
      await open("?lang=en&product=g-001");
      await write("how much storage?");
      await write("and the battery?");
      await vi.advanceTimersByTimeAsync(1000);
      await server(welcome);
      expect(sends().map((one) => one.body)).toEqual([
        { type: "text", text: "how much storage?" },
        { type: "text", text: "and the battery?" },
      ]);
      expect((sends()[0]?.open as { product?: string }).product).toBe(product);
    },
  );

  it("shows the product that was asked about, and carries it into the conversation", async () => {
    await open("?lang=en&product=g-001");
    expect($(".pcard").textContent).toBe("You are looking atTrelan X9¥4,999only 5 left");
    await begin();
    expect(sends()[0]).toMatchObject({
      body: { type: "text", text: "hello" },
      open: { lang: "en", product: "g-001" },
    });
  });
});

describe("a product", () => {
  const measure = (zh: string, en: string, value: string, unit: string) => ({
    key: en,
    label: { zh, en },
    value: { zh: value, en: value },
    unit,
  });
  const attributes = [
    measure("屏幕", "Screen", "6.8", "in"),
    measure("充电功率", "Charging power", "100", "W"),
    measure("颜色", "Colour", "蓝", ""),
    measure("后置相机", "Rear camera", "50", "MP"),
    measure("重量", "Weight", "199", "g"),
  ];
  afterEach(() => void Object.assign(goods, { attributes: undefined }));

  it.each([
    ["en", "What is the charging power of the Trelan X9?", "What is the weight of the Trelan X9?"],
    ["zh-CN", "澈岚的充电功率是多少？", "澈岚的重量是多少？"],
  ])("is asked about in place of the site's questions: as on its page, in %s", async (lang, first, last) => {
    Object.assign(goods, { attributes });
    await open(`?lang=${lang}&product=g-001`);
    await settle();
    const chips = $$(".qs .chip").map((chip) => chip.textContent);
    expect(chips).toHaveLength(3);
    expect([chips[0], chips[2]]).toEqual([first, last]);
    await press(last);
    await server(welcome);
    expect(sends()[0]).toMatchObject({ body: { type: "text", text: last }, open: { product: "g-001" } });
    expect($$(".qs .chip")).toEqual([]);
  });

  it("without anything to be asked leaves the site's questions", async () => {
    await open("?lang=en&product=g-001");
    expect($$(".qs .chip").map((chip) => chip.textContent)).toEqual(["Which plans are there?"]);
  });

  const card = (id: string) => entry("message", { type: "product", product: { ...goods, id }, ord: 1 }, "customer");
  const opened = (more: object = {}) => entry("opened", { episode: 1, lang: "en", ...more });
  it.each([
    ["it began there", [opened({ product: "g-001" })], 1, ["text"]],
    ["it was shown its card", [opened(), card("g-001")], 0, ["text"]],
    ["it went on to another", [opened({ product: "g-001" }), card("g-002")], 2, ["product", "text"]],
    ["it was about none", [opened()], 1, ["product", "text"]],
  ])("that the conversation knows is not shown again on the next page: %s", async (_, list, cards, said) => {
    goesOn("cnv_1");
    await open("?lang=en&product=g-001");
    const entries = list.map((e, i) => ({ ...e, seq: i + 1 }));
    await server(welcome, { t: "reset", stream: "cnv_1", generation: "g1", seq: list.length, marks: {}, entries });
    expect($$(".pcard .meta")).toHaveLength(cards);
    await write("Is it in stock?");
    expect(sends().map(({ body }) => (body as { type: string }).type)).toEqual(said);
  });
});

describe("writing", () => {
  it("never sends while an input method composes", async () => {
    await open();
    box().dispatchEvent(new CompositionEvent("compositionstart", { bubbles: true }));
    for (const enter of [{ isComposing: true }, { keyCode: 229 }]) await write("ni", enter);
    expect(text()).not.toContain("Sending");
    expect(box().value).toBe("ni");
    box().dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
    await write("你");
    expect($(".m.me").textContent).toContain("你");
    expect(box().value).toBe("");
  });

  it("leaves what is pasted or dropped as text to the field, and sends no picture of it", async () => {
    await open();
    const image = new File(["x"], "image.png", { type: "image/png" });
    const carried = (texts: Record<string, string>, ...files: File[]) => ({
      files,
      types: [...Object.keys(texts), ...(files.length ? ["Files"] : [])],
      getData: (type: string) => texts[type] ?? "",
    });
    const happens = (kind: string, name: string, carries: object) => {
      const event = Object.assign(new Event(kind, { bubbles: true, cancelable: true }), { [name]: carries });
      box().dispatchEvent(event);
      return event.defaultPrevented;
    };
    const cells = carried({ "text/plain": "1\t2", "text/html": "<table>" }, image);
    expect(happens("paste", "clipboardData", cells)).toBe(false);
    expect(happens("drop", "dataTransfer", cells)).toBe(false);
    expect(happens("drop", "dataTransfer", carried({ "text/plain": "words" }))).toBe(false);
    expect(happens("dragover", "dataTransfer", carried({ "text/plain": "words" }))).toBe(false);
    await settle();
    expect(text()).not.toContain("image.png");
    expect(happens("paste", "clipboardData", carried({ "text/html": "<img>" }, image))).toBe(true);
    await settle();
    expect(text()).toContain("image.png");
  });

  it("closes nothing with a key that only an input method needs", async () => {
    await open();
    await press("Emoji");
    const count = $$("button").length;
    for (const composing of [{ keyCode: 229 }, { isComposing: true }])
      box().dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, ...composing }));
    await settle();
    expect($$("button")).toHaveLength(count);
  });

  it.each(linked)("draws the links of %j", async (words, ...links) => {
    await open();
    await begin();
    await entries(entry("message", { type: "text", text: words, ord: 1 }, "agent"));
    const bubble = $$(".bub").at(-1);
    await vi.waitFor(() =>
      expect([...(bubble?.querySelectorAll("a") ?? [])].map((a) => a.getAttribute("href"))).toEqual(links),
    );
    expect(bubble?.dir).toBe("auto");
  });

  it("gives what people write a direction of its own", async () => {
    await open();
    await begin("שלום");
    expect(box().dir).toBe("auto");
    expect($$(".bub:not(.typing)").every((one) => one.dir === "auto")).toBe(true);
    await entries(entry("assigned", { name: "זואי", number: "7" }));
    expect(text()).toContain("\u2068זואי\u2069");
  });

  it("shows each step of a message: sending, sent, delivered, read", async () => {
    await open();
    await write("hello");
    expect($(".m.me").className).toContain("pend");
    expect($(".m.me .tick").textContent).toBe("Sending");
    await server(welcome);
    const first = sends()[0] as { client_id: string; conversation: string };
    conversation = first.conversation;
    await server({ t: "ok", client_id: first.client_id, seq: 2, at: 1 });
    expect($(".m.me .tick").textContent).toBe("Sent");
    expect(FakeSocket.last.of("hello").at(-1)?.cursors).toMatchObject({ [conversation]: null });
    await entries(
      entry("opened", { episode: 1, lang: "en" }),
      entry("message", { type: "text", text: "hello", ord: 1 }, "customer", { client_id: first.client_id }),
    );
    await server({ t: "marks", stream: conversation, staff: { received: 1, read: 0 } });
    expect($(".m.me .tick").textContent).toBe("Delivered");
    await server({ t: "marks", stream: conversation, staff: { received: 1, read: 1 } });
    expect($(".m.me .tick").textContent).toBe("Read");
    expect($$(".m.me")).toHaveLength(1);
  });

  it("keeps a refused message with its reason, and resends it as a new one", async () => {
    await open();
    await begin();
    await write("too fast");
    const id = sends()[1]?.client_id;
    await server({ t: "no", client_id: id, code: "too_many_requests" });
    expect($("[role=alert]").textContent).toContain("Not sent: too many; try again later");
    await press("Resend");
    const again = sends().at(-1);
    expect(again).toMatchObject({ body: { text: "too fast" } });
    expect(again?.client_id).not.toBe(id);
    await server({ t: "no", client_id: again?.client_id, code: "text_unacceptable" });
    await press("Delete");
    expect(text()).not.toContain("Not sent");
  });

  it("goes where the server says when a conversation is open already", async () => {
    await open();
    await write("hello");
    await server(welcome);
    const id = sends()[0]?.client_id;
    await server({ t: "no", client_id: id, code: "use", conversation: "cnv_other" });
    expect(sends().at(-1)).toMatchObject({ client_id: id, conversation: "cnv_other" });
    expect($$(".m.me.pend")).toHaveLength(1);
  });

  it("begins a new conversation where the old one is closed", async () => {
    await open();
    await begin();
    await write("again");
    await server({ t: "no", client_id: sends()[1]?.client_id, code: "conversation_closed" });
    expect(sends().at(-1)).toMatchObject({ body: { text: "again" }, open: { lang: "en" } });
    expect(sends().at(-1)?.conversation).not.toBe(conversation);
  });

  it("suggests questions, chosen by arrows; Enter alone sends what was typed", async () => {
    await open();
    box().value = "contract";
    box().dispatchEvent(new InputEvent("input", { bubbles: true }));
    await vi.advanceTimersByTimeAsync(150);
    expect($("[role=option]").textContent).toBe("How do I leave a contract?");
    expect($("mark").textContent).toBe("contract");
    box().dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true }));
    await settle();
    expect(box().getAttribute("aria-activedescendant")).toBe("s0");
    box().dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    await settle();
    await server(welcome);
    expect(sends()[0]?.body).toEqual({ type: "choice", text: "How do I leave a contract?", answer: "kb-7" });
  });

  it("keeps the draft, and what was not sent, for the next visit", async () => {
    FakeSocket.mode = "hang";
    await open();
    await write("said");
    box().value = "half a";
    box().dispatchEvent(new InputEvent("input", { bubbles: true }));
    await vi.advanceTimersByTimeAsync(300);
    expect(localStorage.getItem("yingda.demo.draft")).toBe("half a");
    expect(Object.keys(localStorage).filter((k) => k.includes(".out."))).toHaveLength(1);
    document.body.replaceChildren();
    delete (document.body as { had?: unknown }).had;
    FakeSocket.mode = "open";
    await open();
    await server(welcome);
    expect(box().value).toBe("half a");
    expect($$(".m.me").map((m) => m.textContent)).toEqual([expect.stringContaining("said")]);
    expect(sends()[0]).toMatchObject({ body: { text: "said" }, open: { lang: "en" } });
  });

  it("shows what a message quotes as it reads now, and that it was corrected", async () => {
    await open();
    await begin("When?");
    const card = { type: "product", product: { ...goods, category: "phone" }, ord: 2 };
    await entries(
      entry("message", card, "customer"),
      entry("message", { type: "text", text: "Monday", ord: 1, quote: 2, corrected_at: Date.now() }, "agent"),
      entry("message", { type: "text", text: "This one?", ord: 2, quote: 3 }, "agent"),
      { ...entry("message", {}, "customer"), body: null, gone: "recalled" },
      entry("message", { type: "text", text: "Never mind", ord: 3, quote: 6 }, "agent"),
    );
    await vi.waitFor(() => expect($$(".quote")).toHaveLength(3));
    expect($$(".quote").map((one) => one.textContent)).toEqual(["When?", "Trelan X9", "This message was recalled"]);
    expect($$("article").map((one) => one.textContent?.includes("Edited"))).toContain(true);
    $(".quote").click();
    expect(document.activeElement?.textContent).toContain("When?");
  });

  it("says that a number is hidden in what was written", async () => {
    await open();
    await begin("When?");
    await entries(entry("message", { type: "text", text: "card •••• 1111", ord: 2, hidden_numbers: 1 }, "customer"));
    await vi.waitFor(() => expect($$("article").at(-1)?.textContent).toContain("A number is hidden"));
    expect($$("article").at(-1)?.textContent).toContain("card •••• 1111");
  });

  it("has one draft in all tabs: what another one sent is not sent again", async () => {
    await open();
    await begin();
    box().value = "half a";
    box().dispatchEvent(new InputEvent("input", { bubbles: true }));
    await vi.advanceTimersByTimeAsync(300);
    const elsewhere = async (newValue: string | null) => {
      if (newValue === null) localStorage.removeItem("yingda.demo.draft");
      else localStorage.setItem("yingda.demo.draft", newValue);
      dispatchEvent(new StorageEvent("storage", { key: "yingda.demo.draft", newValue }));
      await vi.advanceTimersByTimeAsync(50);
      return box().value;
    };
    expect(await elsewhere("half a word")).toBe("half a word");
    expect(await elsewhere(null)).toBe("");
  });

  it("keeps no draft of words that were replaced and sent at once", async () => {
    await open();
    await begin();
    box().value = "not like this";
    box().dispatchEvent(new InputEvent("input", { bubbles: true }));
    await vi.advanceTimersByTimeAsync(300);
    expect(localStorage.getItem("yingda.demo.draft")).toBe("not like this");
    await write("like this");
    expect(sends().at(-1)?.body).toEqual({ type: "text", text: "like this" });
    await vi.advanceTimersByTimeAsync(300);
    expect(localStorage.getItem("yingda.demo.draft")).toBeNull();
  });
});

describe("what was said", () => {
  const article = (words: string) => $$("article").find((one) => one.textContent?.includes(words)) as HTMLElement;
  const acts = () => $$(".acts button").map((one) => one.textContent);
  const touch = (type: string, target: EventTarget = document.body) =>
    target.dispatchEvent(new MouseEvent(type, { bubbles: true }));
  const saysMonday = () => entries(entry("message", { type: "text", text: "Monday", ord: 1 }, "agent"));
  async function focus(words: string): Promise<void> {
    article(words).focus();
    await settle();
  }

  it("is quoted from the keyboard, in the next text alone", async () => {
    await open();
    await begin("When?");
    await saysMonday();
    expect(acts()).toEqual([]);
    await focus("Monday");
    expect(acts()).toEqual(["Quote"]);
    await press("Quote");
    expect(document.activeElement).toBe(box());
    expect(acts()).toEqual([]);
    expect($(".quoting").textContent).toContain("Monday");
    await write("This one?");
    expect(sends().at(-1)?.body).toEqual({ type: "text", text: "This one?", quote: 3 });
    expect(article("This one?").querySelector(".quote")?.textContent).toBe("Monday");
    expect($(".quoting")).toBeNull();
    await write("Or not?");
    expect(sends().at(-1)?.body).toEqual({ type: "text", text: "Or not?" });
  });

  it("is not quoted after Escape, nor after its words are gone", async () => {
    await open();
    await begin("When?");
    await saysMonday();
    const quotes = async () => {
      await focus("Monday");
      await press("Quote");
      expect($(".quoting")).toBeTruthy();
    };
    await quotes();
    box().dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
    await settle();
    expect($(".quoting")).toBeNull();
    await quotes();
    await press("Do not quote");
    expect($(".quoting")).toBeNull();
    await quotes();
    await entries(entry("recalled", { entry: 3 }, "agent"));
    await server({
      t: "reset",
      stream: conversation,
      generation: "g1",
      seq: 4,
      entries: [
        { ...entry("opened", { episode: 1, lang: "en" }), seq: 1 },
        { ...entry("message", { type: "text", text: "When?", ord: 1 }, "customer"), seq: 2 },
        { ...entry("message", {}, "agent"), seq: 3, body: null, gone: "recalled" },
        { ...entry("recalled", { entry: 3 }, "agent"), seq: 4 },
      ],
      state: { state: "active", episode: 1 },
    });
    expect($(".quoting")).toBeNull();
    await write("Never mind");
    expect(sends().at(-1)?.body).toEqual({ type: "text", text: "Never mind" });
  });

  it("has its buttons under a finger that rests on it, until something else is touched", async () => {
    await open();
    await begin("When?");
    await saysMonday();
    touch("pointerdown", article("Monday"));
    await vi.advanceTimersByTimeAsync(200);
    touch("pointerup");
    await vi.advanceTimersByTimeAsync(1000);
    expect(acts(), "a short touch scrolls or selects").toEqual([]);
    touch("pointerdown", article("When?"));
    await vi.advanceTimersByTimeAsync(500);
    expect(acts()).toEqual(["Quote", "Recall"]);
    touch("pointerup");
    touch("pointerdown");
    await settle();
    expect(acts()).toEqual([]);
  });

  it("is taken back by whoever said it, within two minutes", async () => {
    await open();
    await begin("When?");
    await focus("When?");
    await press("Recall");
    expect(sends().at(-1)?.body).toEqual({ type: "recall", of: 2 });
    expect(document.activeElement).toBe(article("When?"));
    expect(button("Recall").hasAttribute("disabled"), "it is under way").toBe(true);
    const said = { type: "text", text: "Long ago", ord: 2 };
    await entries(entry("message", said, "customer", { at: Date.now() - 120_000 }));
    await focus("Long ago");
    expect(acts()).toEqual(["Quote"]);
  });

  it("stays if it cannot be taken back, and says why until that is read", async () => {
    await open();
    await begin("When?");
    await focus("When?");
    await press("Recall");
    const { client_id } = sends().at(-1) as { client_id: string };
    await server({ t: "no", client_id, code: "recall_too_late" });
    expect(article("When?").querySelector("[role=alert]")?.textContent).toContain(
      "Not recalled: that works for 2 minutes, until the chat ends",
    );
    await press("Done");
    expect($("[role=alert]")).toBeNull();
    expect(button("Recall").hasAttribute("disabled")).toBe(false);
  });

  it("leaves nothing to do after the end", async () => {
    await open();
    await begin("When?");
    await focus("When?");
    expect(acts()).toHaveLength(2);
    await entries(entry("resolved", { by: "customer", outcome: "resolved" }));
    expect(acts()).toEqual([]);
  });
});

describe("the bot", () => {
  it("offers what was perhaps meant, and takes a press as words", async () => {
    await open();
    await begin();
    await entries(
      answer({ text: "Which one?", options: [{ id: "kb-2", text: "Pause" }], source: { id: "kb-2", title: "Terms" } }),
    );
    expect(text()).toContain("SourceTerms");
    expect(button("None of these. Let me rephrase")).toBeTruthy();
    await press("Pause");
    expect(sends().at(-1)?.body).toEqual({ type: "choice", text: "Pause", answer: "kb-2" });
  });

  it("keeps what it offered below its question, to be read and not to be pressed again", async () => {
    await open();
    await begin();
    await entries(
      answer({
        outcome: "did_you_mean",
        text: "Which one?",
        options: [
          { id: "kb-2", text: "Pause" },
          { id: "kb-3", text: "Leave" },
        ],
      }),
    );
    await entries(
      entry("human_requested", { via: "button" }, "customer"),
      entry("assigned", { name: "Zhou Min", number: "0317" }),
    );
    expect($("article.bot .bub:has(.opt)").textContent).toBe("Which one?PauseLeave");
    expect($$(".opt button").map((b) => (b as HTMLButtonElement).disabled)).toEqual([true, true]);
    expect(button("None of these. Let me rephrase")).toBeUndefined();
  });

  describe("with recommendations", () => {
    const some = (id: string, type: string) => ({
      kind: id.startsWith("kb") ? "question" : "product",
      id,
      name: { zh: "", en: `Name of ${id}` },
      reason: { type, of: { zh: "", en: "Trelan X9" } },
    });
    const told: unknown[] = [];
    const about = { outcome: "attribute", source: { id: "g-001", title: "Trelan X9" } };
    const next = { related: [{ id: "kb-3", text: "Next to it" }] };
    let items: unknown[] = [];
    beforeEach(async () => {
      const reply = fetch;
      items = [some("g-002", "also_looked"), some("kb-9", "because_of")];
      told.length = 0;
      Channel.all = [];
      vi.stubGlobal("BroadcastChannel", Channel);
      vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
        if (url.includes("/recommendations")) told.push([init?.method ?? "GET", url, init?.body ?? null]);
        return url.includes("/recommendations?") ? Response.json({ on: true, wanted: null, items }) : reply(url, init);
      });
      await open();
      await begin();
      await entries(answer({ ...about, ...next }));
      await settle();
      await settle();
    });
    /** The pages of this browser, without those of the tests before. */
    class Channel {
      static all: Channel[] = [];
      heard: ((e: { data: unknown }) => void)[] = [];
      constructor() {
        Channel.all.push(this);
      }
      addEventListener(_: string, f: (e: { data: unknown }) => void): void {
        this.heard.push(f);
      }
      postMessage(data: unknown): void {
        for (const other of Channel.all) if (other !== this) for (const f of other.heard) f({ data });
      }
    }

    it("shows them below an answer about a product, each with its reason, and asks about the one pressed", async () => {
      expect(told).toEqual([["GET", "/api/v1/sites/demo/recommendations?place=answer&about=g-001", null]]);
      expect($$(".qs:not([role=group]) .chip").map((chip) => chip.textContent)).toEqual([
        "Name of g-002",
        "Name of kb-9you asked about Trelan X9",
        "Next to it",
      ]);
      expect($(".qs .meta").textContent).toBe("Also asked");
      expect($(".qs .link").textContent).toBe("Stop recommending");
      await press("Name of kb-9");
      expect(sends().at(-1)?.body).toEqual({ type: "choice", text: "Name of kb-9", answer: "kb-9" });
    });

    it("draws nothing to be pressed until they are loaded, and then a question only once", async () => {
      let arrive: (answer: Response) => void = () => undefined;
      vi.stubGlobal("fetch", () => new Promise<Response>((done) => (arrive = done)));
      await entries(answer({ ...about, ...next, ord: 2, source: { id: "g-003", title: "Other" } }));
      await settle();
      expect($$(".qs:not([role=group]) .chip")).toEqual([]);
      arrive(Response.json({ on: true, wanted: null, items: [some("kb-3", "also_looked")] }));
      await settle();
      await settle();
      expect($$(".qs:not([role=group]) .chip").map((chip) => chip.textContent)).toEqual(["Name of kb-3"]);
    });

    it("ends them where that is wanted, and says so", async () => {
      const heard: unknown[] = [];
      new Channel().addEventListener("message", ({ data }) => heard.push(data));
      await press("Stop recommending");
      await settle();
      expect(told[1]).toEqual(["PUT", "/api/v1/widget/recommendations", '{"wanted":false}']);
      expect(heard).toEqual([false]);
      items = [];
      // below the answer and in line with it, with the ordinary questions after it
      const said = $("p.qs");
      expect(said.textContent).toBe("We no longer recommend anything to you, and have deleted what you looked at.");
      expect(button("Name of kb-9")).toBeUndefined();
      expect(button("Next to it")).toBeTruthy();
      // and not again
      await entries(answer({ ...about, ...next, ord: 2 }));
      await settle();
      await settle();
      expect(text()).not.toContain("no longer recommend");
      expect(button("Next to it")).toBeTruthy();
    });

    it("ends them where that was chosen on the page around it, and asks again when it is opened", async () => {
      items = [];
      new Channel().postMessage(false);
      await settle();
      await settle();
      expect(button("Name of kb-9")).toBeUndefined();
      expect(text()).not.toContain("no longer recommend");
      expect(button("Next to it")).toBeTruthy();
      expect(told).toHaveLength(2);
      items = [some("g-002", "also_looked")];
      await (await import("../src/app")).openPanel({});
      await settle();
      await settle();
      expect(told).toHaveLength(3);
      expect(button("Name of g-002")).toBeTruthy();
    });
  });

  it("recommends nothing below an answer that is about no product", async () => {
    await open();
    await begin();
    await entries(answer({ source: { id: "kb-3", title: "Near it" }, related: [{ id: "kb-4", text: "Nearer" }] }));
    expect(asked.some(({ path }) => path.includes("recommendations"))).toBe(false);
    expect(button("Nearer")).toBeTruthy();
  });

  it("asks once below its last answer whether it helped; that can be changed once", async () => {
    await open();
    await begin();
    await entries(answer({ ord: 1, related: [{ id: "kb-3", text: "Next to it" }] }));
    const group = () => $$("[role=group]").filter((g) => g.getAttribute("aria-label") === "Did this answer help?");
    expect(group()).toHaveLength(1);
    expect($(".offer")).toBeNull();
    await press("Not yet");
    expect(sends().at(-1)?.body).toEqual({ type: "judge_answer", answer: 1, helpful: false });
    expect(button("Not yet")?.getAttribute("aria-pressed")).toBe("true");
    // a tick would say the opposite
    const drawing = (name: string) => button(name).querySelector("path")?.getAttribute("d");
    expect([drawing("Not yet"), drawing("That helped")]).not.toContain(check);
    // it leads on, to what is near and to a person
    expect($(".offer").textContent).toContain("Talk to a person");
    expect(button("Next to it")).toBeTruthy();
    await press("Not yet");
    expect(sends().filter((s) => (s.body as { type: string }).type === "judge_answer")).toHaveLength(1);
    const judged = (helpful: boolean) =>
      entry("answer_rated", { answer: 1, helpful }, "customer", { client_id: sends().at(-1)?.client_id });
    await entries(judged(false));
    expect(group()).toHaveLength(1);
    await press("That helped");
    await entries(judged(true));
    expect($(".offer")).toBeNull();
    expect(button("Not yet")).toMatchObject({ disabled: true });
    expect(button("That helped")?.getAttribute("aria-pressed")).toBe("true");
    expect([drawing("That helped"), drawing("Not yet")]).toEqual([check, expect.not.stringMatching(check)]);
    // nothing besides the day is said in the log about it, and the next answer takes its place
    expect($$(".sys")).toHaveLength(1);
    await entries(answer({ ord: 2, text: "No." }));
    expect(group()).toHaveLength(1);
    expect($(".qs.t2").textContent?.trim()).toBe("That helped");
    expect($$("article.bot").at(-1)?.nextElementSibling).toBe(group()[0]);
  });

  it("does not ask about what is no answer, and forgets what the server does not accept", async () => {
    await open();
    await begin();
    await entries(answer({ outcome: "no_answer", offer_human: true }), answer({ outcome: "small_talk", ord: 2 }));
    expect($$("[role=group]")).toEqual([]);
    await entries(answer({ outcome: "attribute", ord: 3 }));
    await press("That helped");
    const send = sends().at(-1);
    expect(send?.body).toEqual({ type: "judge_answer", answer: 3, helpful: true });
    await server({ t: "no", client_id: send?.client_id, code: "conversation_closed" });
    expect(button("That helped")?.getAttribute("aria-pressed")).toBe("false");
    expect($$(".failed")).toEqual([]);
    expect(sends().at(-1)).toBe(send);
    await entries(entry("resolved", { by: "customer", outcome: "bot_resolved_assumed" }), entry("closed", {}));
    expect($$("[role=group]")).toEqual([]);
  });

  it("says plainly when it does not know, with a way to a person", async () => {
    await open();
    await begin();
    await entries(answer({ outcome: "no_answer", offer_human: true, related: [{ id: "kb-3", text: "Near it" }] }));
    expect(button("Near it")).toBeTruthy();
    expect($(".offer").textContent).toContain("Talk to a person");
    $(".offer button").click();
    await settle();
    expect(sends().at(-1)?.body).toEqual({ type: "request_human", via: "button" });
  });
});

describe("a person", () => {
  // the rail is for wide pages, measured in units of the text size
  beforeEach(() => void (document.documentElement.style.fontSize = "16px"));
  afterEach(() => void (document.documentElement.style.fontSize = ""));

  it("is named by the page's heading, also where there is no room beside the chat", async () => {
    document.documentElement.style.fontSize = "32px";
    await open();
    expect($("aside.sr").textContent).toBe("Linkong");
    expect($$("h1")).toHaveLength(1);
  });

  it("is waited for, joins, writes, ends, and is rated", async () => {
    document.head.innerHTML = '<meta name="description" content="">';
    await open();
    expect($("meta").getAttribute("content")).toBe(
      "Linkong – The AI assistant answers first. You can also ask for a person.",
    );
    expect($("aside").textContent).toContain("We are open now");
    await begin();
    await press("Talk to a person");
    await entries(entry("human_requested", { via: "button" }, "customer"), entry("queued", { queue: "General" }));
    await server({ t: "place", conversation, ahead: 2, eta_low_ms: 60000, eta_high_ms: 180000, staffed: true });
    expect($(".qn").textContent).toContain("Ahead of you2About 2 minutesLikely 1–3 minutes");
    expect($(".head .st").textContent).toBe("2 ahead of you");
    expect($("aside").textContent).toContain("We are open nowIn the queueAbout 2 minutes");
    expect(button("Stop waiting")).toBeTruthy();
    expect($$(".people span")).toHaveLength(4);
    await server({ t: "place", conversation, ahead: 31, eta_low_ms: null, eta_high_ms: null, staffed: true });
    expect($(".people").textContent).toBe("+27");
    await server({ t: "place", conversation, ahead: 31, eta_low_ms: 3_700_000, eta_high_ms: 9_000_000, staffed: true });
    expect($(".qn").textContent).toBe("Ahead of you31+27More than an hourUpdates live. You can write while you wait");
    expect($$(".people span")).toHaveLength(7);
    await entries(entry("assigned", { name: "Zhou Min", number: "0317" }));
    expect(text()).toContain("Zhou Min joined. The AI has stopped");
    expect($(".head").textContent).toContain("Zhou Min");
    expect(button("Talk to a person")).toBeUndefined();
    // the one who answers now is not AI
    expect($(".ft").textContent).toBe("PrivacyStored to serve you");
    await server({ t: "typing", conversation, by: "agent", name: "Zhou Min", on: true });
    expect($(".typing").getAttribute("aria-label")).toBe("Zhou Min is typing");
    await entries(entry("message", { type: "text", text: "See https://a.example/x.", ord: 1 }, "agent"));
    expect($$(".typing")).toEqual([]);
    expect($<HTMLAnchorElement>(".bub a").href).toBe("https://a.example/x");
    expect($("article.agent").getAttribute("aria-label")).toMatch(/^Zhou Min, agent 0317, /);
    expect(FakeSocket.last.of("mark").at(-1)).toMatchObject({ stream: conversation, received: 1, read: 1 });
    expect($$(".seg").map((s) => s.className.split(" ")[1])).toEqual(["bot", "queue", "agent"]);

    await entries(entry("resolved", { by: "agent", outcome: "resolved" }, "agent"));
    expect(text()).toContain("Zhou Min ended the chat");
    expect($$("input:checked")).toEqual([]);
    $<HTMLInputElement>("input[name=score][value='4']").checked = true;
    $<HTMLInputElement>("input[name=solved][value='1']").checked = true;
    $<HTMLTextAreaElement>("[name=comment]").value = " quick ";
    $("form").dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    await settle();
    expect(sends().at(-1)?.body).toEqual({ type: "rate", score: 4, comment: "quick", solved: true });
    expect($$("form")).toEqual([]);
    await entries(entry("rated", { score: 4 }, "customer", { client_id: sends().at(-1)?.client_id }));
    expect(text()).toContain("You rated 4: Good");
  });

  it("is rated with reasons that fit the score, and without them if the site has changed them since", async () => {
    const reason = (id: string, en: string, is_praise: boolean) => ({ id, name: { zh: en, en }, is_praise });
    site.service.rating_reasons = [reason("rsn_1", "Quick", true), reason("rsn_2", "Slow", false)];
    await open();
    await begin();
    await entries(entry("resolved", { by: "customer", outcome: "resolved" }, "customer"));
    const labels = () => $$(".why label").map((one) => one.textContent);
    const choose = async (score: number) => {
      const star = $<HTMLInputElement>(`input[name=score][value='${score}']`);
      star.checked = true;
      star.dispatchEvent(new Event("change", { bubbles: true }));
      await settle();
    };
    expect(labels()).toEqual([]);
    await choose(5);
    expect(labels()).toEqual(["Quick"]);
    $<HTMLInputElement>("input[name=reason]").checked = true;
    await choose(2);
    expect(labels()).toEqual(["Slow"]);
    expect($<HTMLInputElement>("input[name=reason]").checked).toBe(false);
    $<HTMLInputElement>("input[name=reason]").checked = true;
    $("form").dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    await settle();
    const sent = sends().at(-1);
    expect(sent?.body).toEqual({ type: "rate", score: 2, reasons: ["rsn_2"] });
    await server({ t: "no", client_id: sent?.client_id, code: "rating_reason_unknown" });
    expect(sends().at(-1)?.body).toEqual({ type: "rate", score: 2 });
    const body = { score: 2, reasons: [{ id: "rsn_2", name: { zh: "慢", en: "Slow" } }] };
    await entries(entry("rated", body, "customer", { client_id: sends().at(-1)?.client_id }));
    expect(text()).toContain("You rated 2: Poor");
    expect(text()).toContain("Slow");
    site.service.rating_reasons = [];
  });

  it("is asked about again after an end that was taken back, of which nothing is seen", async () => {
    await open();
    await begin();
    await entries(entry("assigned", { name: "Zhou Min", number: "0317" }));
    const end = () => entry("resolved", { by: "agent", outcome: "resolved" }, "agent");
    await entries(end());
    expect($$("form.sheet")).toHaveLength(1);
    await press("Skip");
    expect($$("form.sheet")).toEqual([]);
    await entries(entry("reopened", { episode: 1, with: "agent", name: "Zhou Min", number: "0317", undo: true }));
    expect([$$("form.sheet").length, text().includes("ended the chat"), text().includes("Continued")]).toEqual([
      0,
      false,
      false,
    ]);
    await entries(end());
    expect([$$("form.sheet").length, text().split("ended the chat").length - 1]).toEqual([1, 1]);
  });

  it("need not be rated", async () => {
    await open();
    await begin();
    await entries(entry("resolved", { by: "customer", outcome: "resolved" }, "customer"));
    await press("Skip");
    expect($$("form")).toEqual([]);
    expect(box().placeholder).toBe("Write to continue…");
    expect(document.activeElement).toBe(box());
  });

  it("is waited for with the help lines in view, where somebody may be in danger", async () => {
    await open();
    await begin();
    await entries(
      answer({ outcome: "danger", text: "Call 110.\n\nOr 12356, at any time.\n\nI am getting a person for you." }),
      entry("queued", { queue: "General" }),
    );
    const place = { t: "place", conversation, ahead: 0, eta_low_ms: null, eta_high_ms: null, staffed: false };
    await server(place);
    expect($(".qn p").textContent).toBe("Call 110.\n\nOr 12356, at any time.");
    expect($(".qn").textContent).not.toContain("stop waiting");
    await entries(entry("reopened", { with: "queue" }));
    await server(place);
    expect($(".qn p")).toBeNull();
    expect($(".qn").textContent).toContain("stop waiting");
  });

  it("is honestly not there: no position, but a message or the AI", async () => {
    await open();
    await begin();
    await press("Talk to a person");
    await entries(entry("human_requested", { via: "button" }, "customer"), entry("queued", { queue: "General" }));
    await server({ t: "place", conversation, ahead: 2, eta_low_ms: null, eta_high_ms: null, staffed: false });
    expect($("aside").textContent).toContain("We are open, but nobody is here right now");
    expect($(".qn").textContent).toBe(
      "No agent is available now. The next one will take your chatLeave a message, or stop waiting and ask here",
    );
    expect($$(".people span")).toEqual([]);
    expect([button("Leave a message"), button("Stop waiting")]).not.toContain(undefined);
    // Nobody will answer soon: no sound, and the message first.
    expect($$(".wait [role=switch]")).toEqual([]);
    await server({ t: "place", conversation, ahead: 8, eta_low_ms: 480_000, eta_high_ms: 2_580_000, staffed: true });
    expect($$(".wait .btn").map((one) => [one.textContent, one.className.includes("q")])).toEqual([
      ["Leave a message", false],
      ["Stop waiting", true],
    ]);
    expect($<HTMLInputElement>(".wait [role=switch]").checked).toBe(false);
    await server({ t: "place", conversation, ahead: 1, eta_low_ms: 60_000, eta_high_ms: 120_000, staffed: true });
    expect(button("Leave a message")?.className).toContain("q");
  });

  it("goes on after an end: the mark of the end stands by itself", async () => {
    await open();
    await begin();
    await entries(
      entry("resolved", { by: "customer", outcome: "left_message" }, "customer"),
      entry("reopened", { with: "agent" }),
      entry("assigned", { name: "Zhou Min" }),
    );
    expect($$(".seg").map((s) => s.className.trim())).toEqual(["seg bot done", "seg none", "seg agent", "seg agent"]);
  });

  it("is read from the beginning of an answer that is higher than the view", async () => {
    await open();
    await begin();
    const log = $(".log");
    let end = 1000;
    log.scrollTo = () => void (log.scrollTop = end);
    const top = vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
      return { top: this.matches("article.bot") ? 200 - log.scrollTop : 0 } as DOMRect;
    });
    await entries(answer({ text: "Very long." }));
    expect(log.scrollTop).toBe(200);
    end = 1200;
    await entries(entry("message", { type: "text", text: "more", ord: 2 }, "agent"));
    expect(log.scrollTop, "who reads is not moved").toBe(200);
    await write("thanks");
    expect(log.scrollTop, "own words are shown").toBe(1200);
    top.mockRestore();
  });

  it("may take words back: number and place stay", async () => {
    await open();
    await begin();
    await entries({ ...entry("message", {}, "agent"), body: null, gone: "recalled" }, entry("surprise", { x: 1 }));
    expect(text()).toContain("This message was recalled");
    expect(text()).toContain("Unsupported message");
  });
});

describe("honest states", () => {
  it("says within 10 s that the network is down, keeps the composer, and counts down", async () => {
    await open();
    await begin();
    FakeSocket.mode = "hang";
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(10000);
    expect($(".banner").textContent).toMatch(/^(Reconnecting|Cannot reach the server, retrying in \d+ s)/);
    expect($$(".banner")).toHaveLength(1);
    await write("later");
    expect($(".m.me.pend .tick").textContent).toBe("Will be sent once you are online");
  });

  it("says what is so: server away, trying, catching up, back; counts down in sight and announces without the count", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    await open("?lang=en&transport=ws");
    await begin();
    const announced = () => $(".net [role=status]").textContent;
    expect(announced()).toBe("");
    FakeSocket.mode = "refuse";
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(announced()).toBe("Cannot reach the server");
    expect($(".banner > span").textContent).toMatch(/^Cannot reach the server, retrying in \d+ s$/);
    FakeSocket.mode = "open";
    for (let i = 0; i < 40 && FakeSocket.last.readyState !== 1; i++) await vi.advanceTimersByTimeAsync(1000);
    expect($(".banner > span").textContent).toBe("Reconnecting…");
    await server({ ...welcome, heads: { [conversation]: n + 1 } });
    expect(announced()).toBe("Connected, catching up");
    expect(button("Retry now")).toBeUndefined();
    await entries(entry("message", { type: "text", text: "missed", ord: 1 }, "agent"));
    expect(announced()).toBe("Back online");
    await vi.advanceTimersByTimeAsync(3000);
    expect(announced()).toBe("");
    expect($$(".banner")).toEqual([]);
    vi.restoreAllMocks();
  });

  it("says that the device has no network where the browser knows it", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    FakeSocket.mode = "refuse";
    await open("?lang=en&transport=ws");
    await write("hello");
    await vi.advanceTimersByTimeAsync(3000);
    expect($(".net [role=status]").textContent).toBe("This device is offline");
    vi.restoreAllMocks();
  });

  it("tries at once when asked to", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0.99);
    await open("?lang=en&transport=ws");
    await begin();
    FakeSocket.mode = "refuse";
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(8000);
    expect($(".banner").textContent).toMatch(/Cannot reach the server, retrying in \d+ s/);
    const before = FakeSocket.all.length;
    FakeSocket.mode = "open";
    await press("Retry now");
    expect(FakeSocket.all.length).toBe(before + 1);
    vi.restoreAllMocks();
  });

  it("sends refused messages again all together, or gives one back to be changed", async () => {
    await open();
    await begin();
    for (const words of ["first", "second"]) await write(words);
    const refuseLastTwo = () =>
      server(
        ...sends()
          .slice(-2)
          .map(({ client_id }) => ({ t: "no", client_id, code: "conflict" })),
      );
    await refuseLastTwo();
    await press("Resend all 2");
    expect(sends().slice(3)).toMatchObject([{ body: { text: "first" } }, { body: { text: "second" } }]);
    await refuseLastTwo();
    box().value = "meanwhile";
    box().dispatchEvent(new InputEvent("input", { bubbles: true }));
    await press("Edit");
    expect(box().value).toBe("first\nmeanwhile");
    expect($$("[role=alert]")).toHaveLength(1);
  });

  it("keeps the words of a conversation that is no longer the present one in sight", async () => {
    await open();
    await begin();
    await write("not lost");
    const id = sends().at(-1)?.client_id;
    await server({
      t: "entries",
      stream: "vst_1",
      entries: [{ seq: 1, kind: "current", v: 1, at: 1, by: { kind: "system" }, body: { conversation: "cnv_next" } }],
    });
    await server({ t: "no", client_id: id, code: "not_permitted" });
    expect($(".m.me.fail").textContent).toContain("not lost");
  });

  it("says after a reload that a file which was not uploaded has to be chosen again", async () => {
    class Hanging {
      upload = {};
      open() {}
      setRequestHeader() {}
      send() {}
      abort() {}
    }
    vi.stubGlobal("XMLHttpRequest", Hanging);
    await open();
    await begin();
    const picker = $<HTMLInputElement>("input[type=file]");
    Object.defineProperty(picker, "files", { value: [new File(["x"], "photo.jpg")] });
    Object.defineProperty(picker, "value", { set: () => undefined });
    picker.dispatchEvent(new Event("change", { bubbles: true }));
    await settle();
    expect($$(".m.me").filter((m) => m.textContent?.includes("photo.jpg"))).toHaveLength(1);
    document.body.replaceChildren();
    delete (document.body as { had?: unknown }).had;
    await open();
    await settle();
    const row = $$(".m.me").find((m) => m.textContent?.includes("photo.jpg"));
    expect(row?.textContent).toContain("Not sent: not uploaded; choose it again");
    expect(row?.textContent).not.toContain("Resend");
    await press("Delete");
    expect(text()).not.toContain("photo.jpg");
  });

  it("says when the storage is full", async () => {
    await open();
    await begin();
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await write("one more");
    expect($(".banner").textContent).toBe("Storage is blocked: history is lost on close");
    full.mockRestore();
  });

  it("says what a page without a site is", async () => {
    vi.stubGlobal("fetch", async (url: string) =>
      /locales/.test(url)
        ? new Response(JSON.stringify(wordsOf(url)))
        : new Response('{"code":"not_found"}', { status: 404 }),
    );
    await open();
    expect($(".banner").textContent).toBe("There is no chat here");
    expect($(".head .nm").textContent).toBe("AI");
    expect($(".head .st").textContent).toBe("");
    expect(
      [button("Talk to a person"), box(), button("Attach a picture or file"), button("Emoji"), button("Send")].map(
        (e) => e.hasAttribute("disabled"),
      ),
    ).toEqual([true, true, true, true, true]);
  });

  it("says that nothing can be kept where storage is refused", async () => {
    vi.stubGlobal("localStorage", undefined);
    await open();
    await begin();
    expect($(".banner").textContent).toBe("Storage is blocked: history is lost on close");
  });

  it.each([
    [413, null, "something on the way to the server lets no file of this size through"],
    [413, { code: "too_large" }, "the file is over 20 MB and was not uploaded"],
    [201, null, "you are offline"],
    [201, {}, "you are offline"],
    [502, null, "the server did not accept it"],
  ])("says why a file was not taken: %i %j", async (status, response, words) => {
    class Answered {
      upload = {};
      status = status;
      response = response;
      onload?: () => void;
      open() {}
      setRequestHeader() {}
      send() {
        this.onload?.();
      }
      abort() {}
    }
    vi.stubGlobal("XMLHttpRequest", Answered);
    await open();
    await begin();
    const drop = new Event("drop", { cancelable: true });
    dispatchEvent(Object.assign(drop, { dataTransfer: { files: [new File(["x"], "plan.pdf")] } }));
    await settle();
    expect($("[role=alert]").textContent).toContain(`Not sent: ${words}`);
  });

  it("refuses a file before it travels when it is empty or too large", async () => {
    await open();
    const drop = new Event("drop", { cancelable: true });
    Object.assign(drop, {
      dataTransfer: {
        files: [
          new File([], "empty.txt"),
          Object.defineProperty(new File(["x"], "big.zip"), "size", { value: 20 * 1024 * 1024 + 1 }),
        ],
      },
    });
    dispatchEvent(drop);
    await settle();
    expect(drop.defaultPrevented).toBe(true);
    expect($$("[role=alert]").map((a) => a.firstChild?.nextSibling?.textContent)).toEqual([
      "Not sent: the file is empty",
      "Not sent: the file is over 20 MB and was not uploaded",
    ]);
  });
});

describe("out of hours", () => {
  const HOUR = 3600_000;
  /** A Saturday evening; people are back on Monday. */
  async function closed(): Promise<void> {
    vi.setSystemTime(new Date(2026, 10, 21, 19, 0));
    site.service = {
      ...site.service,
      open: false,
      opens_at: new Date(2026, 10, 23, 8, 0).getTime(),
      promised_by: new Date(2026, 10, 23, 10, 0).getTime(),
    };
    await open();
  }
  const field = (name: string) => $<HTMLInputElement>(name);
  async function fill(selector: string, words: string): Promise<void> {
    field(selector).value = words;
    field(selector).dispatchEvent(new InputEvent("input", { bubbles: true }));
    await settle();
  }
  async function submit(): Promise<void> {
    $("form").dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    await settle();
  }

  const said = (words: string) => entry("message", { type: "text", text: words, ord: 2 }, "customer");

  it("says when people are back, with the day, and offers a message in place of a person; the bot stays", async () => {
    await closed();
    expect($(".banner").textContent).toContain(
      "We are closed now. Agents are back Mon, 23 Nov, 08:00".replace(
        "Mon, 23 Nov, 08:00",
        new Date(2026, 10, 23, 8, 0).toLocaleString("en", {
          weekday: "short",
          month: "short",
          day: "numeric",
          hour: "2-digit",
          minute: "2-digit",
          hourCycle: "h23",
        }),
      ),
    );
    expect($(".hum").textContent).toBe("Message");
    await begin();
    await entries(answer({}));
    expect(text()).toContain("Yes.");
  });

  it("takes a message like any other, promises a time, and asks for no rating", async () => {
    await closed();
    await press("Message");
    expect($(".promise").textContent).toMatch(/^We are closed now\. Agents are back .+\. Answered by .+\.$/);
    await fill("#write", "My line is dead");
    await fill("[name=contact]", "ann@example.com");
    await submit();
    expect($(".m.me").textContent).toContain("My line is dead");
    expect($(".m.me").textContent).toContain("Reply to: ann@example.com");
    await server(welcome);
    const sent = sends()[0] as { client_id: string; conversation: string };
    expect(sent).toMatchObject({
      body: { type: "leave_message", text: "My line is dead", contact: "ann@example.com" },
      open: { lang: "en" },
    });
    conversation = sent.conversation;
    await server({ t: "ok", client_id: sent.client_id, seq: 2, at: 1 });
    await entries(
      entry("opened", { episode: 1, lang: "en" }),
      entry(
        "message",
        { type: "left_message", text: "My line is dead", contact: "a***@example.com", contact_masked: "email", ord: 1 },
        "customer",
        { client_id: sent.client_id },
      ),
      entry("resolved", { by: "customer", outcome: "left_message" }, "customer"),
    );
    expect($$(".m.me")).toHaveLength(1);
    expect($(".m.me").textContent).toContain("Reply to: a***@example.com");
    expect(text()).toContain("Message receivedAnswered by ");
    expect($(".head .st").textContent).toBe("Message left");
    expect($$("form")).toEqual([]);
    expect(localStorage.getItem("yingda.demo.left")).toBeNull();
  });

  it("keeps what was written for the next visit, with the first letter", async () => {
    await closed();
    await press("Message");
    await fill("#write", "Half a mess");
    document.body.replaceChildren();
    delete (document.body as { had?: unknown }).had;
    await closed();
    await press("Message");
    expect(field("#write").value).toBe("Half a mess");
    await press("Not now");
    expect(box().placeholder).toBe("Tell us what you need…");
  });

  it("takes over what stands in the composer, and sends nothing without words", async () => {
    await closed();
    box().value = "already written";
    box().dispatchEvent(new InputEvent("input", { bubbles: true }));
    await press("Message");
    expect(field("#write").value).toBe("already written");
    await fill("#write", "  ");
    expect(button("Send message").hasAttribute("disabled")).toBe(true);
    await submit();
    expect($$(".m.me")).toEqual([]);
    expect($$("form")).toHaveLength(1);
  });

  it.each<[string, object[], string]>([
    ["the question", [], "My line is dead"],
    [
      "the one before words that only ask for a person",
      [said("a person please"), answer({ outcome: "closed" })],
      "My line is dead",
    ],
    [
      "the one before words that were heard as such",
      [said("get me a person"), entry("human_requested", { via: "words" }, "customer")],
      "My line is dead",
    ],
    ["what was asked last", [answer({}), said("And my bill?"), answer({ outcome: "no_answer" })], "And my bill?"],
    ["nothing of an earlier time", [entry("resolved", { by: "customer" }), entry("reopened", { episode: 2 })], ""],
  ])("begins the message with %s", async (_, after, begins) => {
    await closed();
    await begin("My line is dead");
    await entries(...after.map((e, i) => ({ ...e, seq: n + i + 1 })));
    await press("Message");
    expect(field("#write").tagName).toBe("TEXTAREA");
    expect(field("#write").value).toBe(begins);
    await press("Not now");
    expect(localStorage.getItem("yingda.demo.left")).toBeNull();
  });

  it("opens the form where the server refuses a person, with its times, and begins the same conversation by it", async () => {
    await open();
    await press("Talk to a person");
    await server(welcome);
    const asking = sends()[0] as { client_id: string; conversation: string };
    await server({
      t: "no",
      client_id: asking.client_id,
      code: "closed",
      opens_at: Date.now() + HOUR,
      promised_by: Date.now() + 2 * HOUR,
    });
    expect($("form.sheet")).toBeTruthy();
    expect(text()).not.toContain("Not sent");
    expect($(".hum").textContent).toBe("Message");
    await fill("#write", "Call me");
    await submit();
    expect(sends().at(-1)).toMatchObject({
      conversation: asking.conversation,
      body: { type: "leave_message", text: "Call me", contact: null },
      open: { lang: "en" },
    });
  });

  it("offers the message under the bot's words when a person was asked for in words", async () => {
    await open();
    await begin("a person please");
    await entries(
      answer({ outcome: "closed", text: "Nobody is here now.", opens_at: Date.now() + HOUR, promised_by: null }),
    );
    expect($(".offer").textContent).toContain("Message");
    $(".offer button").click();
    await settle();
    expect($("form.sheet")).toBeTruthy();
    expect(sends().at(-1)?.body).not.toMatchObject({ type: "request_human" });
  });

  it("shows on return the answer as unread, in the title of the hidden page", async () => {
    goesOn("cnv_1");
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    await open();
    const list = [
      entry("opened", { episode: 1, lang: "en" }),
      entry("message", { type: "left_message", text: "My line is dead", contact: null, ord: 1 }, "customer"),
      entry("resolved", { by: "customer", outcome: "left_message" }, "customer"),
      entry("reopened", { episode: 2, with: "agent" }),
      entry("assigned", { name: "Zhou Min", number: "0317" }),
      entry("message", { type: "text", text: "It works again.", ord: 1 }, "agent"),
    ];
    await server(welcome, {
      t: "reset",
      stream: "cnv_1",
      generation: "g1",
      seq: list.length,
      marks: {},
      entries: list,
    });
    expect(text()).toContain("It works again.");
    expect(document.title).toBe("(1) Linkong");
    vi.restoreAllMocks();
  });

  it("asks the site again when the panel is opened later, and when people should be back", async () => {
    await closed();
    const times = () => asked.filter((a) => a.path === "sites/demo").length;
    expect(times()).toBe(1);
    site.service = { ...site.service, open: true, opens_at: null };
    vi.setSystemTime(new Date(2026, 10, 23, 8, 0, 1));
    await vi.advanceTimersByTimeAsync(1000);
    expect(times()).toBe(2);
    expect($(".hum").textContent).toBe("Talk to a person");
    expect($$(".banner")).toEqual([]);
  });

  it("asks what it is about before a person, once, and offers a message when the wait is long", async () => {
    const label = { zh: "订单号", en: "Order" };
    const refund = { id: "qkd_1", name: { zh: "退费", en: "Refund" } };
    Object.assign(site, {
      asks_about: { may_skip: true, questions: [{ ...refund, details: [{ label, required: true }] }] },
    });
    try {
      await open();
      await begin();
      await press("Talk to a person");
      const bodies = () => sends().map(({ body }) => (body as { type: string }).type);
      expect(bodies()).not.toContain("request_human");
      $<HTMLInputElement>("[name=question]").click();
      await settle();
      const field = $<HTMLInputElement>(".sheet .field input");
      field.value = "8812";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      await settle();
      await press("Get a person");
      expect(sends().at(-2)?.body).toEqual({
        type: "ask_about",
        question: "qkd_1",
        details: [{ label: "订单号", text: "8812" }],
      });
      expect(sends().at(-1)?.body).toEqual({ type: "request_human", via: "button" });
      await entries(
        entry("asked_about", { question: refund, details: [{ label, text: "8812" }] }, "customer"),
        entry("queued", { queue: "People" }),
        entry("message_offered", {}),
      );
      expect(text()).toContain("Question about: Refund");
      expect(button("What is it about?")).toBeUndefined();
      await press("Keep waiting");
      expect(button("Keep waiting")).toBeUndefined();
      await entries(entry("left_queue", {}, "customer"));
      await press("Talk to a person");
      await settle();
      expect($$(".sheet")).toEqual([]);
      expect(sends().at(-1)?.body).toEqual({ type: "request_human", via: "button" });
    } finally {
      Object.assign(site, { asks_about: null });
    }
  });

  describe("what it is about", () => {
    const order = { label: { zh: "订单号", en: "Order" }, required: true };
    const same = { label: { zh: "订单号", en: "" }, required: false };
    const kind = { id: "qkd_1", name: { zh: "退费", en: "Refund" } };
    const bodies = () => sends().map(({ body }) => (body as { type: string }).type);
    const fields = () => $$(".sheet .field input") as HTMLInputElement[];
    async function fill(...texts: string[]) {
      $<HTMLInputElement>("[name=question]").click();
      await settle();
      for (const [n, words] of texts.entries()) {
        const field = fields()[n]!;
        field.value = words;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        await settle();
      }
    }
    beforeEach(() =>
      Object.assign(site, { asks_about: { may_skip: true, questions: [{ ...kind, details: [order, same] }] } }),
    );
    afterEach(() => Object.assign(site, { asks_about: null }));

    it("is asked for after an end that is not rated yet, and told for what begins then", async () => {
      await open();
      await begin();
      await entries(
        entry("assigned", { name: "Zhou Min", number: "1042" }),
        entry("message", { type: "text", text: "hi", ord: 1 }, "agent"),
        entry("resolved", { by: "agent", outcome: "resolved" }, "agent"),
      );
      await press("Talk to a person");
      await fill("8812");
      expect(fields().map((one) => one.value)).toEqual(["8812", ""]);
      await press("Get a person");
      expect(bodies().slice(-2)).toEqual(["ask_about", "request_human"]);
      await entries(entry("reopened", { episode: 2 }, "customer"), entry("queued", { queue: "People" }));
      expect(button("What is it about?")).toBeUndefined();
      await entries(entry("assigned", { name: "Zhou Min", number: "1042" }));
      expect(box()).toBeTruthy();
    });

    it("holds up nobody to whom the bot offered a person because of danger, and can be told while they wait", async () => {
      await open();
      await begin();
      await entries(answer({ outcome: "small_talk", offer_human: true }));
      await press("Talk to a person");
      expect(bodies().at(-1)).toBe("request_human");
      expect($$(".sheet")).toEqual([]);
      await entries(entry("queued", { queue: "People" }));
      await press("What is it about?");
      expect(button("Close")).toBeTruthy();
    });

    it("is asked again with what was written where the server refused it, and not where it knows it", async () => {
      await open();
      await begin();
      await press("Talk to a person");
      await fill("8812");
      await press("Get a person");
      await entries(entry("queued", { queue: "People" }));
      const told = () => sends().filter(({ body }) => (body as { type: string }).type === "ask_about");
      await server({ t: "no", client_id: told().at(-1)?.client_id, code: "question_kind_unknown" });
      await settle();
      expect($(".sheet [role=alert]").textContent).toContain("Nothing was sent");
      expect(fields()[0]!.value).toBe("8812");
      await press("Tell them");
      expect(told()).toHaveLength(2);
      await server({ t: "no", client_id: told().at(-1)?.client_id, code: "already_asked_about" });
      await settle();
      expect([$$(".sheet").length, button("What is it about?")]).toEqual([0, undefined]);
    });

    it("that was erased is not drawn as skipped, and an offer of an earlier wait is void", async () => {
      await open();
      await begin();
      await entries(
        entry("asked_about", null as never, "customer", { gone: "erased" }),
        entry("queued", { queue: "People" }),
        entry("message_offered", { promised_by: Date.now() + 60_000 }),
      );
      expect(text()).toContain("This message was deleted");
      expect(text()).not.toContain("did not choose");
      expect(button("Keep waiting")).toBeTruthy();
      await press("Leave a message");
      expect($(".promise").textContent).toContain("Answered by");
      await entries(entry("left_queue", {}, "customer"), entry("queued", { queue: "People" }));
      expect(button("Keep waiting")).toBeUndefined();
    });
  });

  it("asks for no rating where the site wants none", async () => {
    site.service.asks_rating = false;
    await open();
    await begin();
    await entries(entry("resolved", { by: "agent", outcome: "resolved" }, "agent"));
    expect($$("form")).toEqual([]);
    expect(text()).toContain("ended");
  });
});

describe("easy mode", () => {
  it("is large, with words in place of signs, one question and the way to a person under every turn", async () => {
    await open("?lang=en&mode=elder");
    expect(document.documentElement.dataset).toMatchObject({ mode: "elder", fontScale: "150" });
    expect($$(".chip")).toEqual([]);
    expect($$(".tool")).toEqual([]);
    expect($(".hum").textContent).toBe("Get a person");
    expect(box().placeholder).toBe("Write…");
    expect($(".ft").textContent).toContain("A robot can be wrong");
    expect($(".head").textContent).toContain("Linrobot");
    expect(button("Not sure, a person please")).toBeTruthy();
    await begin();
    await entries(answer({ related: [{ id: "kb-3", text: "Near it" }] }));
    expect(text()).not.toContain("Near it");
    expect($$(".turn")).toHaveLength(1);
    await press("Not sure, a person please");
    expect(sends().at(-1)?.body).toEqual({ type: "request_human", via: "button" });
  });

  it("calls the bot a robot wherever it speaks of it", async () => {
    await open("?lang=en&mode=elder");
    await begin();
    await entries(
      entry("queued", { queue: "General" }),
      entry("left_queue", {}),
      entry("queued", { queue: "General" }),
      entry("assigned", { name: "Zhou Min", number: "0317" }),
      entry("handed_back", {}, "agent"),
    );
    expect($$(".sys").map((line) => line.textContent)).toEqual(
      expect.arrayContaining([
        "You left the queue. The robot answers again",
        "Zhou Min joined. The robot has stopped",
        "Zhou Min handed the chat back to the robot, which answers again",
      ]),
    );
    expect(text()).not.toMatch(/\bAI\b/);
  });

  it("puts each part of a long answer of the bot on a line of its own, and its prices in words", async () => {
    await open("?lang=en&mode=elder");
    await begin();
    const said = async (text: string) => {
      await entries(answer({ text }));
      return $$("article.bot .bub").at(-1)?.textContent;
    };
    expect(
      await said("Light use: 5.5 GB; daily: 20 GB. Much: 70 GB, ¥1,099.\n\n常用：40 GB；另有（少用。）多用：70 GB。"),
    ).toBe(
      "Light use: 5.5\xa0GB;\ndaily: 20\xa0GB.\nMuch: 70\xa0GB, 1,099\xa0yuan.\n\n常用：40\xa0GB；\n另有（少用。）\n多用：70\xa0GB。",
    );
    expect(await said("¥59/month; 5 GB.")).toBe("59\xa0yuan/month; 5\xa0GB.");
  });

  it("keeps the message being read in view while the size of the text changes", async () => {
    await open("?lang=en&mode=elder");
    await begin();
    await entries(answer({ text: "A long answer." }), answer({ text: "Another one.", ord: 2 }));
    const log = $(".log");
    // the log shows 500 pixels of its messages, which are 300 high each and twice that later
    let high = 300;
    log.scrollTop = 350;
    vi.spyOn(log, "scrollTo").mockImplementation(() => (log.scrollTop = 1e4));
    vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
      const at = $$("article").indexOf(this as HTMLElement);
      return at < 0 ? new DOMRect(0, 0, 390, 500) : new DOMRect(0, at * high - log.scrollTop, 390, high);
    });
    log.dispatchEvent(new Event("scroll"));
    // the third of four is the last in view
    button("Bigger").click();
    high = 600;
    await settle();
    const third = $$("article")[2]?.getBoundingClientRect();
    expect(third?.top).toBe(0);
    await vi.advanceTimersByTimeAsync(500);
    log.scrollTop = 10;
    await press("Smaller");
    expect($$("article")[0]?.getBoundingClientRect().top).toBe(0);
    vi.restoreAllMocks();
  });

  it("says prices in words", async () => {
    await open("?lang=en&mode=elder&product=g-001");
    expect($(".pcard").textContent).toContain("4,999 yuan");
    expect(text()).not.toContain("¥");
  });

  it("goes to 200 % and back", async () => {
    await open("?lang=en&mode=elder");
    await press("Bigger");
    expect(document.documentElement.dataset.fontScale).toBe("200");
    await press("Smaller");
    expect(document.documentElement.dataset.fontScale).toBe("150");
  });

  it("rates in words alone", async () => {
    await open("?lang=en&mode=elder");
    await begin();
    await entries(entry("resolved", { by: "agent", outcome: "resolved" }, "agent"));
    expect($$(".stars label").map((l) => l.textContent)).toEqual(["Bad", "Poor", "Fair", "Good", "Great"]);
  });

  it("reads the last words aloud when asked, slowly, shows it, and stops at any touch", async () => {
    const said: { text: string; rate: number }[] = [];
    class Utterance {
      rate = 1;
      constructor(readonly text: string) {}
    }
    vi.stubGlobal("SpeechSynthesisUtterance", Utterance);
    const speech = {
      getVoices: () => [{ lang: "en-GB" }],
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      cancel: vi.fn(),
      speak: (u: Utterance) => said.push(u),
    };
    vi.stubGlobal("speechSynthesis", speech);
    await open("?lang=en&mode=elder");
    expect(said).toEqual([]);
    button("Read aloud").click();
    await vi.advanceTimersByTimeAsync(1);
    expect(said).toMatchObject([{ text: "Hello there", rate: 0.85 }]);
    expect($(".reading").textContent).toBe("Hello there");
    speech.cancel.mockClear();
    dispatchEvent(new Event("pointerdown"));
    await settle();
    expect(speech.cancel).toHaveBeenCalled();
    expect($$(".reading")).toEqual([]);
    expect(button("Read aloud")).toBeTruthy();
  });

  it("offers no reading where the browser has no voice", async () => {
    await open("?lang=en&mode=elder");
    expect(button("Read aloud")).toBeUndefined();
  });
});

describe("a part that cannot be fetched", () => {
  it("says so, leaves the composer, and comes when it is asked for again", async () => {
    const real = globalThis.fetch;
    let fails = true;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
      fails && /later/.test(url) ? Promise.reject(new TypeError("network")) : real(url, init),
    );
    await open("?lang=en", false);
    await begin();
    await entries(entry("resolved", { by: "agent", outcome: "resolved" }, "agent"));
    await vi.waitFor(() => expect($(".banner").textContent).toBe("Something did not load; the rest worksRetry"));
    expect($$("form")).toEqual([]);
    await write("still here");
    expect(sends().at(-1)?.body).toEqual({ type: "text", text: "still here" });
    fails = false;
    await press("Retry");
    await vi.waitFor(() => expect(text()).toContain("ended the chat"));
    expect($$(".banner")).toEqual([]);
  });

  it("is of another version if it fails again while the server answers", async () => {
    const real = globalThis.fetch;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
      /later/.test(url) ? Promise.reject(new TypeError("network")) : real(url, init),
    );
    await open("?lang=en", false);
    await begin();
    await entries(entry("resolved", { by: "agent", outcome: "resolved" }, "agent"));
    await press("Retry");
    await vi.waitFor(() => expect($(".banner").textContent).toBe("This page is out of date. Reload to continueReload"));
    expect($("textarea#write")).toBeTruthy();
  });

  it("keeps a chosen file and lets it be sent again", async () => {
    const real = globalThis.fetch;
    vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
      /later/.test(url) ? Promise.reject(new TypeError("network")) : real(url, init),
    );
    await open("?lang=en", false);
    const drop = new Event("drop", { cancelable: true });
    Object.assign(drop, { dataTransfer: { files: [new File(["x"], "bill.pdf")] } });
    dispatchEvent(drop);
    await vi.waitFor(() => expect($(".m.me.fail").textContent).toContain("Not sent: you are offline"));
    expect($(".m.me.fail").textContent).toContain("bill.pdf");
    expect(button("Resend")).toBeTruthy();
  });
});

describe("response times", () => {
  const reports = () => asked.filter((a) => a.path === "sites/demo/response-times").map((a) => a.body ?? {});
  const counted = (times: unknown) => (times as { counts: number[] }).counts.reduce((sum, n) => sum + n, 0);
  /** The part that measures is loaded with the connection. */
  const measuring = async () => {
    await import("../src/times");
    await settle();
  };

  it("are not reported before anything is said", async () => {
    await open();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(reports()).toEqual([]);
  });

  it("are those of the page, of each acknowledgement, and of each answer of the bot, without a word of them", async () => {
    const read = vi.fn((_: string) => [{ responseEnd: 300 } as PerformanceResourceTiming]);
    performance.getEntriesByName = read as never;
    await open();
    await write("secret words");
    await measuring();
    await server(welcome);
    const first = sends()[0] as { client_id: string; conversation: string };
    conversation = first.conversation;
    await server({ t: "ok", client_id: first.client_id, seq: 2, at: 1 });
    await entries(
      entry("message", { type: "text", text: "secret words", ord: 1 }, "customer", { client_id: first.client_id }),
    );
    await entries(answer({ of: 2 }));
    await write("more secret words");
    const { client_id } = sends()[1] as { client_id: string };
    await vi.advanceTimersByTimeAsync(40);
    await server({ t: "ok", client_id, seq: 4, at: 1 });
    await vi.advanceTimersByTimeAsync(400);
    await entries(
      entry("message", { type: "text", text: "more secret words", ord: 2 }, "customer", { client_id }),
      answer({ ord: 2 }),
    );
    // what the bot says unasked is no answer
    await entries(answer({ ord: 3 }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledWith(`${location.origin}/api/v1/sites/demo`);
    const [report, ...others] = reports();
    expect(others).toEqual([]);
    expect(Object.fromEntries(Object.entries(report!).map(([what, times]) => [what, counted(times)]))).toEqual({
      page: 1,
      send_to_ack: 2,
      question_to_answer: 2,
    });
    expect((report!.question_to_answer as { sum_ms: number }).sum_ms).toBe(440);
    expect(JSON.stringify(report)).not.toMatch(/secret|vst_|cnv_|tok/);
  });

  it("do not count what a person answers, nor what the bot says after that", async () => {
    performance.getEntriesByName = (() => []) as never;
    await open();
    await write("hello");
    await measuring();
    await server(welcome);
    const first = sends()[0] as { client_id: string; conversation: string };
    conversation = first.conversation;
    await server({ t: "ok", client_id: first.client_id, seq: 2, at: 1 });
    await entries(
      entry("message", { type: "text", text: "hello", ord: 1 }, "customer", { client_id: first.client_id }),
    );
    await entries(entry("assigned", { name: "Zhou Min", number: "0317" }));
    await entries(entry("message", { type: "text", text: "hi", ord: 1 }, "agent"), answer({ ord: 2 }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reports().map((report) => Object.keys(report))).toEqual([["send_to_ack"]]);
  });
});
