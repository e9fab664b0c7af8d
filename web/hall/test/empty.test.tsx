import { h, render, type ComponentChildren } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { HomePage } from "../src/pages/home";
import { StorePage } from "../src/pages/store";
import { forget } from "../src/resource";
import { Shell } from "../src/ui/shell";
import { demoCatalogue } from "./demo";

const nothing = { currency: "CNY", categories: demoCatalogue.categories, tag_names: {}, goods: [], plans: [] };
let catalogue: object = nothing;
const site = { key: "main", questions: [], service: { open: true, staffed: true, free: true, wait_minutes: null } };
const settle = (): Promise<void> => act(async () => new Promise((done) => setTimeout(done, 0)));

async function show(
  lang: "zh-CN" | "en",
  sells: HallContext["sells"],
  page: ComponentChildren = h(HomePage, {}),
): Promise<string> {
  const context = {
    words: i18n(lang),
    prefs: { lang, easy: null },
    change: () => undefined,
    name: "Alpha",
    site: "main",
    sells,
  } as unknown as HallContext;
  await act(() =>
    render(
      <Context.Provider value={context}>
        <Shell route={{ name: "home" }} unread={0}>
          {page}
        </Shell>
      </Context.Provider>,
      document.body,
    ),
  );
  for (let round = 0; round < 5; round++) await settle();
  return document.body.textContent ?? "";
}

beforeEach(() => {
  forget("");
  vi.stubGlobal("matchMedia", () => ({
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  vi.stubGlobal("fetch", async (url: string) => {
    // Recommendations have their own test.
    if (url.includes("/recommendations")) return Response.json({ code: "not_found" }, { status: 404 });
    const body = url.endsWith("/hall")
      ? { site: "main", tenant: { zh: "甲", en: "Alpha" }, side: "end", goods: 0, plans: 0 }
      : url.endsWith("/catalogue")
        ? catalogue
        : url.endsWith("/sites/main")
          ? site
          : {};
    return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
  });
});
afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
});

describe("the hall of a company that sells nothing here", () => {
  it("shows no section without content, and no word of somebody else's trade", async () => {
    catalogue = nothing;
    for (const lang of ["zh-CN", "en"] as const) {
      const text = await show(lang, { goods: false, plans: false });
      expect(text).toContain(i18n(lang).t("home.hero"));
      expect(text).not.toMatch(/套餐|流量|资费|商城|商品|0 款|0 件|\bplans?\b|Store|data runs/i);
      expect(
        [...document.querySelectorAll("a")]
          .map((link) => link.getAttribute("href"))
          .filter((href) => /goods|plans/.test(href ?? "")),
      ).toEqual([]);
      expect(document.querySelector<HTMLInputElement>(".ask-input")?.placeholder).toBe(
        i18n(lang).t("home.ask_placeholder"),
      );
    }
  });

  it("says so on a page that is reached all the same", async () => {
    catalogue = nothing;
    expect(
      await show("zh-CN", { goods: false, plans: false }, h(StorePage, { query: new URLSearchParams() })),
    ).toContain("商城里还没有商品");
    expect(document.querySelector(".filters")).toBeNull();
  });

  it("leaves out only what is missing", async () => {
    catalogue = { ...demoCatalogue, plans: [] };
    const text = await show("zh-CN", { goods: true, plans: false });
    expect(text).toContain("先看看这些");
    expect(text).not.toContain("套餐");
    expect(document.querySelectorAll(".categories a")).toHaveLength(5);
  });
});
