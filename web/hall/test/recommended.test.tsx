import type { Recommendations } from "@yingda/api/types";
import { render, type JSX } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { RecommendationsPage } from "../src/pages/recommendations";
import Recommended from "../src/recommend/recommended";
import { leave } from "../src/recommend/visitor";
import { forget } from "../src/resource";
import { demoCatalogue, demoItem } from "./demo";

const settle = (): Promise<void> => act(async () => new Promise((done) => setTimeout(done, 0)));
const named = (id: string): { zh: string; en: string } => demoItem(id).name;
const found = (change: Partial<Recommendations> = {}): Recommendations => ({
  on: true,
  wanted: null,
  items: [
    { kind: "product", id: "g-002", name: named("g-002"), reason: { type: "because_of", of: named("g-001") } },
    {
      kind: "product",
      id: "g-005",
      name: named("g-005"),
      reason: { type: "popular_in", of: { zh: "手机", en: "Phones" } },
    },
    { kind: "plan", id: demoCatalogue.plans[0]?.id ?? "", name: { zh: "", en: "Plan" }, reason: { type: "popular" } },
  ],
  ...change,
});
const session = (n: number): object => ({
  token: `token-${n}`,
  device: `device-${n}`,
  expires_at: Date.now() + 86_400_000,
});

let asked: { line: string; body: unknown; access: string | null }[] = [];
let answer: Recommendations;
let sessions = 0;

async function show(tree: JSX.Element): Promise<string> {
  const context = {
    words: i18n("en"),
    prefs: { lang: "en", easy: null },
    name: "Alpha",
    site: "main",
  } as unknown as HallContext;
  await act(() => render(<Context.Provider value={context}>{tree}</Context.Provider>, document.body));
  for (let round = 0; round < 5; round++) await settle();
  return document.body.textContent ?? "";
}
async function press(name: string): Promise<void> {
  const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === name);
  await act(() => button?.click());
  for (let round = 0; round < 8; round++) await settle();
}
const lines = (): string[] => asked.map(({ line }) => line);

beforeEach(() => {
  forget("");
  leave();
  localStorage.clear();
  asked = [];
  sessions = 0;
  answer = found();
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const line = `${init.method ?? "GET"} ${url.replace("/api/v1", "")}`;
    const access = new Headers(init.headers).get("authorization");
    asked.push({ line, body: init.body ? JSON.parse(String(init.body)) : undefined, access });
    const body = line.endsWith("/hall")
      ? { site: "main" }
      : line === "POST /widget/sessions"
        ? session(++sessions)
        : line.includes("/recommendations?")
          ? answer
          : {};
    return line === "POST /widget/views" ? new Response(null, { status: 204 }) : Response.json(body);
  });
});
afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
});

describe("recommendations in the hall", () => {
  it("stand with a reason each; nobody who was not here before gets a session for them", async () => {
    const text = await show(<Recommended place="home" catalogue={demoCatalogue} />);
    expect(document.querySelector("h2")?.textContent).toBe("Recommended for you");
    expect([...document.querySelectorAll(".why")].map(({ textContent }) => textContent)).toEqual([
      "Because you took an interest in Trelan X9 Pro",
      "Popular in Phones",
      "Popular here",
    ]);
    expect(document.querySelector<HTMLAnchorElement>(".recommended a.cover")?.pathname).toBe("/goods/g-002");
    expect(text).toContain("for 180 days");
    expect(lines()).toEqual(["GET /hall", "GET /sites/main/recommendations?place=home"]);
    expect(asked.at(-1)?.access).toBeNull();
  });

  it("state a reason once, above them, if it is the same for all", async () => {
    const [first] = found().items;
    answer = found({ items: [first!, { ...first!, id: "g-005", name: named("g-005") }] });
    await show(<Recommended place="home" catalogue={demoCatalogue} />);
    expect([...document.querySelectorAll(".why")].map(({ textContent }) => textContent)).toEqual([
      "Because you took an interest in Trelan X9 Pro",
    ]);
    expect(document.querySelector("h2 + .why")).toBeTruthy();
  });

  it("are not there at all while there are none", async () => {
    answer = found({ items: [] });
    expect(await show(<Recommended place="home" catalogue={demoCatalogue} />)).toBe("");
  });

  it("use the visitor that the chat left here, and note a view only with consent", async () => {
    localStorage.setItem("yingda.main.device", "device-0");
    const [first] = found().items;
    const items = [{ ...first!, reason: { type: "also_looked" as const, of: named("g-001") } }];
    answer = found({ items });
    const shown = vi.fn();
    await show(<Recommended place="page" about="g-001" catalogue={demoCatalogue} onShown={shown} />);
    expect(shown).toHaveBeenLastCalledWith(["g-002"]);
    expect(asked.find(({ line }) => line === "POST /widget/sessions")?.body).toMatchObject({
      site: "main",
      device: "device-0",
    });
    expect(localStorage.getItem("yingda.main.device")).toBe("device-1");
    expect(asked.at(-1)).toMatchObject({
      line: "GET /sites/main/recommendations?place=page&about=g-001",
      access: "Bearer token-1",
    });
    // which the heading says, once for all of them
    expect(document.querySelector("h2")?.textContent).toBe("People who looked at this also looked at");
    expect(document.querySelectorAll(".why")).toHaveLength(0);
    // a product's page has enough rows: what can be chosen is one press away
    expect(document.querySelectorAll(".recommended button")).toHaveLength(0);
    expect(document.querySelector<HTMLAnchorElement>(".recommend-choice a")?.pathname).toBe("/recommendations");
    expect(lines()).not.toContain("POST /widget/views");
    render(null, document.body);
    forget("");
    answer = found({ wanted: null });
    await show(<Recommended place="home" catalogue={demoCatalogue} />);
    answer = found({ wanted: true });
    await press("Use what I look at");
    expect(asked.find(({ line }) => line === "PUT /widget/recommendations")?.body).toEqual({ wanted: true });
    expect(document.body.textContent).toContain("These follow what you took an interest in.");
    render(null, document.body);
    answer = found({ wanted: true, items });
    await show(<Recommended place="page" about="g-001" catalogue={demoCatalogue} />);
    expect(asked.at(-1)).toMatchObject({ line: "POST /widget/views", body: { kind: "product", id: "g-001" } });
  });

  it("of a plan lead to it, and note that it was looked at", async () => {
    localStorage.setItem("yingda.main.device", "device-0");
    const plan = demoCatalogue.plans[1]!;
    answer = found({
      wanted: true,
      items: [{ kind: "plan", id: plan.id, name: plan.name, reason: { type: "also_looked", of: plan.name } }],
    });
    const first = demoCatalogue.plans[0]!.id;
    await show(<Recommended place="page" about={first} catalogue={demoCatalogue} />);
    const link = document.querySelector<HTMLAnchorElement>(".recommended a.cover");
    expect(`${link?.pathname ?? ""}${link?.search ?? ""}`).toBe(`/plans?plan=${plan.id}`);
    expect(asked.at(-1)).toMatchObject({ line: "POST /widget/views", body: { kind: "plan", id: first } });
  });

  it("are called popular where they are no more than that, and say so once", async () => {
    const [, inPhones, here] = found().items;
    answer = found({ items: [inPhones!, here!] });
    await show(<Recommended place="home" catalogue={demoCatalogue} />);
    expect(document.querySelector("h2")?.textContent).toBe("Popular");
    expect([...document.querySelectorAll(".why")].map(({ textContent }) => textContent)).toEqual([
      "Popular in Phones",
      "Popular here",
    ]);
    render(null, document.body);
    forget("");
    answer = found({ items: [here!] });
    await show(<Recommended place="page" about="g-001" catalogue={demoCatalogue} />);
    expect(document.querySelector("h2")?.textContent).toBe("Popular");
    expect(document.querySelectorAll(".why")).toHaveLength(0);
  });

  it("say of a plan what it costs and holds, as its card does", async () => {
    const plan = demoCatalogue.plans.find(({ id }) => id === "cloud-59")!;
    answer = found({ items: [{ kind: "plan", id: plan.id, name: plan.name, reason: { type: "popular" } }] });
    await show(<Recommended place="home" catalogue={demoCatalogue} />);
    expect(document.querySelector(".tile-price")?.textContent).toBe("¥59 / month");
    expect(document.querySelector(".tile-line")?.textContent).toBe(
      `${String(plan.data_gb)} GB, ${String(plan.voice_min)} min`,
    );
  });

  it("are asked for again when the reader chose something in the chat or on another page", async () => {
    await show(<Recommended place="home" catalogue={demoCatalogue} />);
    answer = found({ wanted: false, items: [] });
    const chat = new BroadcastChannel("yingda.recommendations");
    chat.postMessage(false);
    for (let round = 0; round < 8; round++) await settle();
    expect(document.body.textContent).toBe("");
    answer = found();
    const heard = vi.fn();
    chat.onmessage = ({ data }) => heard(data);
    chat.postMessage(true);
    for (let round = 0; round < 8; round++) await settle();
    answer = found({ wanted: false, items: [] });
    await press("Stop recommending");
    expect(heard).toHaveBeenCalledWith(false);
    chat.close();
  });

  it("end at once where they are refused, also for somebody new", async () => {
    await show(<Recommended place="home" catalogue={demoCatalogue} />);
    answer = found({ wanted: false, items: [] });
    await press("Stop recommending");
    expect(asked.find(({ line }) => line === "PUT /widget/recommendations")).toMatchObject({
      body: { wanted: false },
      access: "Bearer token-1",
    });
    expect(document.querySelector("section")).toBeNull();
    expect(document.querySelector("[role=status]")?.textContent).toContain("We no longer recommend anything to you");
  });
});

describe("the page about recommendations", () => {
  it("says what is noted, and takes a refusal back", async () => {
    answer = found({ wanted: false, items: [] });
    const text = await show(<RecommendationsPage />);
    expect(text).toContain("Recommendations are off.");
    expect(text).toContain("When on:");
    expect(text).not.toContain("If you stop");
    answer = found({ wanted: true });
    await press("Turn back on");
    expect(document.querySelector("[role=status]")?.textContent).toContain("Recommendations use what you look at");
    expect([...document.querySelectorAll("button")].map(({ textContent }) => textContent)).toEqual([
      "Stop recommending",
    ]);
    expect(document.body.textContent).toContain("If you stop");
    expect(document.body.textContent).not.toContain("When on:");
  });
});
