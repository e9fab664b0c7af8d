import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetListeners } from "./listeners";
import { FakeSocket, welcome } from "../../api/test/fakes";
import later from "../locales/en/later.json";
import en from "../locales/en/widget.json";

/** The frame in a page whose server names the customer by a token, and that calls what pages may call. Page, network and server are played by the test. */
const origin = "https://shop.example";
const tokenOf = (tail: string) => `${"x".repeat(100)}.${tail.padStart(40, "-")}`;
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
type Asked = Record<string, unknown>;
let asked: { path: string; body: Asked }[] = [];
let told: Asked[] = [];
/** how the server answers a request for a session: the customer, or the code of a refusal */
let serve: (body: Asked) => { customer: string | null; device?: string } | string;

const page = { postMessage: (m: Asked) => void told.push(m) };
const say = (data: object) =>
  void dispatchEvent(Object.assign(new Event("message"), { data: { yingda: 1, ...data }, origin, source: page }));
const settle = () => vi.advanceTimersByTimeAsync(0);
const sessions = () => asked.filter(({ path }) => path.endsWith("/widget/sessions")).map(({ body }) => body);
const text = () => document.body.textContent ?? "";
const kept = (name: string) => localStorage.getItem(`yingda.demo.${name}`);

function answer(path: string, body: Asked): Response {
  asked.push({ path, body });
  if (!path.endsWith("/widget/sessions")) return new Response(null, { status: 204 });
  const session = serve(body);
  if (typeof session === "string") return new Response(JSON.stringify({ code: session }), { status: 401 });
  const more = { device: "d2", sealed: "s", visitor: `vst_${session.customer}`, generation: "g1", conversation: null };
  return new Response(JSON.stringify({ token: "tok", expires_at: Date.now() + 1e8, ...more, ...session }), {
    status: 201,
  });
}

forgetListeners();
beforeEach(() => {
  vi.useFakeTimers();
  history.replaceState(null, "", "/widget/frame.html?site=demo");
  [asked, told] = [[], []];
  serve = ({ identity }) => ({ customer: identity ? "cst_1" : null });
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
    return answer(url, JSON.parse(String(init.body)) as Asked);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(init: object = {}): Promise<void> {
  vi.resetModules();
  await import("../src/main");
  say({ do: "init", v: 2, lang: "en", kept: null, open: {}, ...init });
  await vi.waitFor(() => expect(text()).toContain("Hello there"));
  await settle();
}

describe("a page whose server names the customer", () => {
  it("hands over the token with the first session, once", async () => {
    await open({ token: tokenOf("a") });
    await vi.waitFor(() => expect(sessions()).toHaveLength(1));
    expect(sessions()[0]).toMatchObject({ identity: tokenOf("a"), device: null });
    await vi.waitFor(() => expect(told).toContainEqual({ yingda: 1, do: "event", name: "joined" }));
    expect(kept("customer")).toBe("cst_1");
    // shown again from a cache, the page goes on with what the token brought
    await open({ token: tokenOf("a") });
    await vi.waitFor(() => expect(sessions()).toHaveLength(2));
    expect(sessions()[1]).toEqual({ site: "demo", lang: "en", device: "d2" });
  });

  it("moves what was said here before", async () => {
    await open();
    (document.querySelector("#write") as HTMLTextAreaElement).value = "hello";
    document.querySelector("#write")?.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await settle();
    document.querySelector("#write")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    await settle();
    await vi.waitFor(() => expect(sessions()).toHaveLength(1));
    FakeSocket.last.say(welcome as Asked);
    say({ do: "identify", token: tokenOf("b") });
    await vi.waitFor(() => expect(sessions()).toHaveLength(2));
    expect(sessions()[1]).toMatchObject({ identity: tokenOf("b"), device: "d2" });
  });

  it("is told when the token is refused, and nobody is who was here before", async () => {
    localStorage.setItem("yingda.demo.device", "d_ada");
    localStorage.setItem("yingda.demo.customer", "cst_ada");
    serve = ({ identity }) => (identity ? "identity_expired" : { customer: null, device: "d_new" });
    await open({ token: tokenOf("c") });
    await vi.waitFor(() => expect(kept("device")).toBe("d_new"));
    expect(sessions().map(({ device, identity }) => [device, !!identity])).toEqual([
      ["d_ada", true],
      [null, false],
    ]);
    expect(told).toContainEqual({ yingda: 1, do: "event", name: "error", data: { code: "identity_expired" } });
    expect(kept("customer")).toBeNull();
  });

  it("leaves an anonymous conversation where it is when the token is refused", async () => {
    localStorage.setItem("yingda.demo.device", "d_anonymous");
    serve = ({ identity }) => (identity ? "identity_replayed" : { customer: null });
    await open({ token: tokenOf("d") });
    await vi.waitFor(() => expect(sessions()).toHaveLength(2));
    expect(sessions()[1]).toEqual({ site: "demo", lang: "en", device: "d_anonymous" });
  });

  it("takes everything of the customer away when nobody is signed in any more", async () => {
    await open({ token: tokenOf("e") });
    await vi.waitFor(() => expect(kept("customer")).toBe("cst_1"));
    say({ do: "identify", customer: null });
    await settle();
    expect([kept("customer"), kept("device"), kept("named")]).toEqual([null, null, null]);
  });

  it("has the chat ask to sign in where the site is for nobody else, until the page says who is here", async () => {
    localStorage.setItem("yingda.demo.device", "d_old");
    serve = ({ identity }) => (identity ? { customer: "cst_1" } : "identity_required");
    await open();
    await vi.waitFor(() => expect(text()).toContain("Sign in to chat"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sessions()).toHaveLength(1);
    say({ do: "identify", token: tokenOf("f") });
    await vi.waitFor(() => expect(kept("customer")).toBe("cst_1"));
    await settle();
    expect(text()).not.toContain("Sign in to chat");
  });
});

describe("calls of the page", () => {
  it("say something in the customer's name", async () => {
    await open();
    say({ do: "send", a: "Where is my order?" });
    await vi.waitFor(() => expect(text()).toContain("Where is my order?"));
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    say({ do: "send", a: { text: 7 } });
    await vi.waitFor(() => expect(warned).toHaveBeenCalled());
    const refused = told.find(({ name }) => name === "error");
    expect(refused?.data).toMatchObject({ code: "send_invalid" });
  });

  it("note a look of somebody who has used the chat, and nothing of anybody else", async () => {
    await open();
    say({ do: "track", a: "view", b: { product: "g-001" } });
    await settle();
    expect(asked.filter(({ path }) => path.endsWith("/widget/views"))).toEqual([]);
    expect(sessions()).toEqual([]);
    localStorage.setItem("yingda.demo.device", "d1");
    say({ do: "track", a: "view", b: { plan: "p-1" } });
    await vi.waitFor(() => expect(asked.at(-1)).toMatchObject({ body: { kind: "plan", id: "p-1" } }));
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    say({ do: "track", a: "bought", b: { product: "g-001" } });
    await vi.waitFor(() => expect(warned).toHaveBeenCalled());
  });

  it("are preceded by the page itself, without what its address asks for", async () => {
    await open({ page: { title: "Cart", url: "https://shop.example/cart?token=secret#top" } });
    await vi.waitFor(() =>
      expect(asked).toContainEqual({
        path: "/api/v1/sites/demo/sightings",
        body: { page: "https://shop.example/cart", loader: 2 },
      }),
    );
  });
});
