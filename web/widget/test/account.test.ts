import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetListeners } from "./listeners";
import { FakeSocket, welcome } from "../../api/test/fakes";
import later from "../locales/en/later.json";
import en from "../locales/en/widget.json";

/** The frame in a page that says which account is signed in. Page, network and server are played by the test. */
/** Only our own pages may speak about accounts. */
let origin = location.origin;
const site = {
  key: "demo",
  name: { zh: "", en: "Linkong" },
  bot_name: { zh: "", en: "Lin" },
  greeting: { zh: "", en: "Hello there" },
  privacy_note: { zh: "", en: "" },
  currency: "CNY",
  currency_sign: "¥",
  questions: [],
};
interface Asked {
  device: string | null;
  ticket?: string;
}
type Answer = { status: number; body: Record<string, unknown> };
let sessions: Asked[] = [];
/** how the server answers a request for a session */
let serve: (asked: Asked) => Answer;
/** what the page returns when it is asked for a ticket */
let tickets: (string | null)[] = [];
let told: Record<string, unknown>[] = [];

const page = {
  postMessage(m: Record<string, unknown>) {
    told.push(m);
    if (m.do === "ticket") say({ do: "ticket", ticket: tickets.shift() ?? null });
  },
};
const say = (data: object) =>
  void dispatchEvent(Object.assign(new Event("message"), { data: { yingda: 1, ...data }, origin, source: page }));
const settle = () => vi.advanceTimersByTimeAsync(0);
const text = () => document.body.textContent ?? "";
const kept = () =>
  Object.keys(localStorage)
    .map((k) => k.replace("yingda.demo.", ""))
    .sort();
const session = (more: object): Answer => ({
  status: 201,
  body: {
    token: "tok",
    expires_at: Date.now() + 1e8,
    device: "d2",
    sealed: "s",
    visitor: "vst_1",
    generation: "g1",
    conversation: null,
    customer: null,
    ...more,
  },
});
const refusal = (code: string): Answer => ({ status: 401, body: { code } });
const sends = () => FakeSocket.last.of("send");
const server = async (...frames: object[]) => {
  FakeSocket.last.say(...(frames as Record<string, unknown>[]));
  await settle();
};

async function open(init: object = {}): Promise<void> {
  vi.resetModules();
  await import("../src/main");
  say({ do: "init", lang: "en", kept: null, open: {}, ...init });
  await vi.waitFor(() => expect(text()).toContain("Hello there"));
  await settle();
}
async function write(words: string): Promise<void> {
  const box = document.querySelector("#write") as HTMLTextAreaElement;
  box.value = words;
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await settle();
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  await settle();
}

forgetListeners();
beforeEach(() => {
  vi.useFakeTimers();
  origin = location.origin;
  history.replaceState(null, "", "/widget/frame.html?site=demo");
  sessions = [];
  tickets = [];
  told = [];
  serve = () => session({});
  localStorage.clear();
  document.body.replaceChildren();
  delete (document.body as { had?: unknown }).had;
  FakeSocket.all = [];
  FakeSocket.mode = "open";
  Element.prototype.scrollTo = () => undefined;
  vi.stubGlobal("parent", page);
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    if (/locales/.test(url)) return new Response(JSON.stringify(/later/.test(url) ? later : en));
    if (url.endsWith("sites/demo")) return new Response(JSON.stringify(site));
    const asked = JSON.parse(String(init.body)) as Asked;
    sessions.push(asked);
    const { status, body } = serve(asked);
    return new Response(JSON.stringify(body), { status });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("opening", () => {
  it("takes the focus, also where it is opened while it starts", async () => {
    vi.resetModules();
    await import("../src/main");
    say({ do: "init", lang: "en", kept: null, open: null });
    say({ do: "open" });
    await vi.waitFor(() => expect(text()).toContain("Hello there"));
    await settle();
    expect(document.activeElement?.id).toBe("write");
  });
});

describe("the mark in the page around it, by which the next page loads the chat", () => {
  const marks = () => told.flatMap((m) => (m.do === "keep" && m.name === "known" ? [m.value] : []));

  it("is there from the first message on, and not before", async () => {
    await open();
    const box = document.querySelector("#write") as HTMLTextAreaElement;
    box.value = "not yet";
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await settle();
    expect(marks()).toEqual([null]);
    await write("hello");
    expect(marks()).toEqual([null, "1"]);
  });

  it("is there where the conversation began elsewhere", async () => {
    localStorage.setItem("yingda.demo.device", "d1");
    serve = () => session({ conversation: "cnv_7" });
    await open({ open: null });
    expect(marks()).toEqual(["1"]);
  });

  it("is gone where nothing is known any more", async () => {
    await open({ open: null });
    expect(marks()).toEqual([null]);
    expect(sessions).toEqual([]);
  });

  it("is gone when the account signs out", async () => {
    localStorage.setItem("yingda.demo.device", "d1");
    localStorage.setItem("yingda.demo.customer", "cst_1");
    serve = () => session({ customer: "cst_1", conversation: "cnv_7" });
    await open({ customer: "cst_1" });
    say({ do: "identify", customer: null });
    await settle();
    expect(marks()).toEqual(["1", null]);
  });
});

describe("signing in", () => {
  it("closes the connection, joins with device and ticket, and sends the unanswered words once more under the same id", async () => {
    await open();
    await write("my bill");
    await server(welcome);
    const first = sends()[0];
    const anonymous = FakeSocket.last;
    tickets = ["t1"];
    serve = () => session({ device: "d9", visitor: "vst_9", customer: "cst_1", conversation: first?.conversation });
    say({ do: "identify", customer: "cst_1" });
    await settle();
    expect(anonymous.readyState).toBe(3);
    expect(sessions.at(-1)).toMatchObject({ device: "d2", ticket: "t1" });
    expect([localStorage.getItem("yingda.demo.device"), localStorage.getItem("yingda.demo.customer")]).toEqual([
      "d9",
      "cst_1",
    ]);
    expect(told).toContainEqual({ yingda: 1, do: "event", name: "joined" });
    await server(welcome);
    expect(FakeSocket.last.of("hello").at(-1)?.cursors).toMatchObject({ vst_9: null });
    expect(sends().map((s) => s.client_id)).toEqual([first?.client_id]);
    expect(text()).toContain("my bill");
  });

  it("keeps the draft", async () => {
    localStorage.setItem("yingda.demo.draft", "half a question");
    localStorage.setItem("yingda.demo.device", "d1");
    tickets = ["t1"];
    serve = () => session({ customer: "cst_1" });
    await open({ customer: "cst_1" });
    expect(sessions).toMatchObject([{ device: "d1", ticket: "t1" }]);
    expect(document.querySelector<HTMLTextAreaElement>("#write")?.value).toBe("half a question");
    expect(kept()).toContain("draft");
  });

  it("finds the account's conversation on a device that is new to it", async () => {
    tickets = ["t1"];
    serve = () => session({ visitor: "vst_9", customer: "cst_1", conversation: "cnv_7" });
    await open({ customer: "cst_1" });
    expect(sessions).toMatchObject([{ device: null, ticket: "t1" }]);
    await server(welcome);
    expect(FakeSocket.last.of("hello").at(-1)?.cursors).toMatchObject({ vst_9: null, cnv_7: null });
  });

  it("asks for nothing where the device is that account's already", async () => {
    localStorage.setItem("yingda.demo.device", "d1");
    localStorage.setItem("yingda.demo.customer", "cst_1");
    serve = () => session({ customer: "cst_1" });
    await open({ customer: "cst_1" });
    say({ do: "identify", customer: "cst_1" });
    await settle();
    expect(told.filter((m) => m.do === "ticket")).toEqual([]);
    expect(sessions).toHaveLength(1);
    expect(sessions[0]).not.toHaveProperty("ticket");
  });

  it("asks for another ticket once when one is refused, then goes on without", async () => {
    localStorage.setItem("yingda.demo.device", "d1");
    tickets = ["old", "older", "oldest"];
    serve = (asked) => (asked.ticket ? refusal("ticket_refused") : session({}));
    await open({ customer: "cst_1" });
    expect(sessions.map((s) => s.ticket)).toEqual(["old", "older", undefined]);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("repeats the same ticket without the device where the device is not known any more", async () => {
    localStorage.setItem("yingda.demo.device", "gone");
    tickets = ["t1"];
    serve = (asked) => (asked.device ? refusal("device_revoked") : session({ customer: "cst_1" }));
    await open({ customer: "cst_1" });
    expect(sessions).toMatchObject([
      { device: "gone", ticket: "t1" },
      { device: null, ticket: "t1" },
    ]);
  });

  describe("while the server is busy", () => {
    const busy = { status: 503, body: { code: "busy" } };
    const askedWith = () => sessions.flatMap((s) => s.ticket ?? []);
    const start = async (): Promise<void> => {
      await open();
      await write("hello");
      await server(welcome);
      tickets = ["t1", "t2", "t3", "t4"];
      serve = (asked) => (asked.ticket ? busy : session({}));
      say({ do: "identify", customer: "cst_1" });
      await settle();
    };

    it("goes on as it is, and joins as soon as the server is there for it", async () => {
      await start();
      expect(FakeSocket.last.readyState).toBe(1);
      expect(text()).toContain("hello");
      await vi.advanceTimersByTimeAsync(2500);
      serve = () => session({ customer: "cst_1" });
      await vi.advanceTimersByTimeAsync(5000);
      expect(askedWith()).toEqual(["t1", "t2", "t3"]);
      expect(told).toContainEqual({ yingda: 1, do: "event", name: "joined" });
      await vi.advanceTimersByTimeAsync(120_000);
      expect(askedWith()).toHaveLength(3);
    });

    it("keeps the connection while the page has no ticket", async () => {
      await start();
      tickets = [];
      const link = FakeSocket.last;
      await vi.advanceTimersByTimeAsync(2500);
      expect(told.filter((m) => m.do === "ticket")).toHaveLength(2);
      expect(link.readyState).toBe(1);
      expect(FakeSocket.last).toBe(link);
    });

    it("gives up for this session after a minute or so", async () => {
      await start();
      tickets = [...Array(20).keys()].map((n) => `t${String(n)}`);
      await vi.advanceTimersByTimeAsync(600_000);
      expect(told.filter((m) => m.do === "ticket").length).toBeLessThanOrEqual(6);
    });

    it("joins nothing once the account is signed out", async () => {
      await start();
      say({ do: "identify", customer: null });
      await vi.advanceTimersByTimeAsync(120_000);
      expect(askedWith()).toEqual(["t1"]);
    });

    it("joins the account that is signed in next, and only that", async () => {
      await start();
      serve = () => session({ customer: "cst_2" });
      say({ do: "identify", customer: "cst_2" });
      await vi.advanceTimersByTimeAsync(120_000);
      expect(askedWith()).toEqual(["t1", "t2"]);
      expect(localStorage.getItem("yingda.demo.customer")).toBe("cst_2");
    });
  });

  it("keeps nothing of an account that was signed out while the server answered", async () => {
    await open();
    await write("hello");
    await server(welcome);
    tickets = ["t1"];
    serve = (asked) => {
      if (!asked.ticket) return session({ device: "d7", visitor: "vst_7" });
      say({ do: "identify", customer: null });
      return session({ device: "d9", visitor: "vst_9", customer: "cst_1" });
    };
    say({ do: "identify", customer: "cst_1" });
    await settle();
    expect(sessions.at(-1)).toMatchObject({ device: null });
    expect([localStorage.getItem("yingda.demo.device"), localStorage.getItem("yingda.demo.customer")]).toEqual([
      "d7",
      null,
    ]);
    expect(told).not.toContainEqual({ yingda: 1, do: "event", name: "joined" });
    expect(FakeSocket.last.readyState).toBe(1);
  });

  it("goes on as it is while there is no ticket, and asks again with the next session", async () => {
    await open();
    await write("hello");
    await server(welcome);
    say({ do: "identify", customer: "cst_1" });
    await settle();
    expect(text()).toContain("hello");
    expect(sessions.at(-1)).not.toHaveProperty("ticket");
    tickets = ["t2"];
    serve = () => session({ customer: "cst_1" });
    await server({ t: "no", code: "token_expired" });
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(5000);
    expect(sessions.at(-1)).toMatchObject({ ticket: "t2" });
  });

  it("is nothing another page may speak of: whoever writes there is not put into an account of its choice", async () => {
    origin = "https://shop.example";
    tickets = ["tkt_theirs"];
    await open({ customer: "cst_theirs" });
    await write("hello");
    await server(welcome);
    say({ do: "identify", customer: "cst_theirs" });
    await settle();
    expect(told.some((m) => m.do === "ticket")).toBe(false);
    expect(sessions.every((asked) => !asked.ticket)).toBe(true);
    expect(text()).toContain("hello");
  });

  it("in another page of the same browser: follows the new device secret", async () => {
    await open();
    await write("hello");
    await server(welcome);
    const conversation = sends()[0]?.conversation;
    await server({
      t: "entries",
      stream: "vst_1",
      entries: [{ seq: 1, kind: "moved", v: 1, at: 1, by: { kind: "system" }, body: { to: "vst_9" } }],
    });
    localStorage.setItem("yingda.demo.device", "theirs");
    localStorage.setItem("yingda.demo.customer", "cst_1");
    serve = () => session({ visitor: "vst_9", customer: "cst_1", conversation });
    await server({ t: "no", code: "token_expired" });
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(5000);
    expect(sessions.at(-1)?.device).toBe("theirs");
    await server(welcome);
    expect(FakeSocket.last.of("hello").at(-1)?.cursors).toMatchObject({ vst_9: null });
  });
});

describe("signing out", () => {
  async function signedIn(): Promise<void> {
    localStorage.setItem("yingda.demo.device", "d1");
    localStorage.setItem("yingda.demo.customer", "cst_1");
    serve = () => session({ customer: "cst_1" });
    await open({ customer: "cst_1" });
    await write("a secret question");
    await server(welcome);
  }

  it("leaves nothing of the account in the browser, and the next words are somebody new's", async () => {
    await signedIn();
    localStorage.setItem("yingda.demo.draft", "half a secret");
    localStorage.setItem("yingda.demo.sound", "1");
    const before = FakeSocket.last;
    say({ do: "identify", customer: null });
    await settle();
    expect(before.readyState).toBe(3);
    expect(kept()).toEqual(["sound"]);
    expect(text()).not.toContain("secret");
    serve = () => session({ device: "d5", visitor: "vst_5" });
    await write("hello");
    await server(welcome);
    expect(sessions.at(-1)).toMatchObject({ device: null });
    expect(sends().map((s) => s.body)).toEqual([{ type: "text", text: "hello" }]);
  });

  it("is noticed by a page that was not told: what the server ends, the page forgets", async () => {
    await signedIn();
    serve = (asked) => (asked.device ? refusal("device_revoked") : session({ device: "d5", visitor: "vst_5" }));
    await server({ t: "no", code: "token_expired" });
    FakeSocket.last.cut();
    await vi.advanceTimersByTimeAsync(5000);
    expect(text()).not.toContain("secret");
    expect(kept()).toEqual(["device"]);
  });

  it("is remembered until the frame is loaded again", async () => {
    localStorage.setItem("yingda.demo.device", "d1");
    localStorage.setItem("yingda.demo.customer", "cst_1");
    localStorage.setItem("yingda.demo.draft", "half a secret");
    await open({ customer: null });
    expect(kept()).toEqual([]);
    expect(sessions).toEqual([]);
    expect(text()).not.toContain("secret");
  });

  it("of nobody changes nothing", async () => {
    await open();
    await write("hello");
    await server(welcome);
    say({ do: "identify", customer: null });
    await settle();
    expect(text()).toContain("hello");
    expect(FakeSocket.all).toHaveLength(1);
  });
});
