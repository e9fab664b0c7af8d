import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { ProductPage } from "../src/pages/product";
import { forget } from "../src/resource";
import { demoCatalogue, demoGoods, demoItem } from "./demo";

const settle = (): Promise<void> => act(async () => new Promise((done) => setTimeout(done, 0)));

async function show(id: string): Promise<string> {
  const context = {
    words: i18n("en"),
    prefs: { lang: "en", easy: null },
    change: () => undefined,
    name: "Alpha",
    site: "main",
    sells: { goods: true, plans: true },
  } as unknown as HallContext;
  await act(() => render(<Context.Provider value={context}>{h(ProductPage, { id })}</Context.Provider>, document.body));
  for (let round = 0; round < 5; round++) await settle();
  return document.body.textContent ?? "";
}

beforeEach(() => {
  forget("");
  vi.stubGlobal("fetch", async (url: string) => {
    const found = url.endsWith("/hall")
      ? { site: "main", tenant: { zh: "甲", en: "Alpha" }, side: "end", goods: 44, plans: 12 }
      : url.endsWith("/catalogue")
        ? demoCatalogue
        : demoGoods.find(({ id }) => url.endsWith(`/goods/${id}`));
    const body = found ?? { code: "not_found", title: "it does not exist" };
    const status = found ? 200 : 404;
    return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  });
});
afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
});

describe("the page of a product", () => {
  it("shows what it is called, what it costs, its description and its data sheet", async () => {
    const item = demoItem("g-001");
    const text = await show(item.id);
    expect(document.querySelector("h1")?.textContent).toBe("Trelan X9 Pro");
    expect(document.querySelector(".price-value")?.textContent).toBe("¥4,999");
    expect(text).toContain(item.description.en);
    expect(document.querySelectorAll(".facts .fact")).toHaveLength(item.attributes.length);
    expect(text).not.toContain("Out of stock");
  });

  it("says what is out of stock, and names one that is not", async () => {
    const text = await show("g-013");
    expect(text).toContain("Out of stock for now");
    const instead = document.querySelector<HTMLAnchorElement>(".out-note a")?.pathname.split("/").pop() ?? "";
    expect(demoItem(instead)).toMatchObject({ category: "computer" });
    expect(demoItem(instead).stock).toBeGreaterThan(0);
  });

  it("says that there is no such product, and leads to the store", async () => {
    expect(await show("g-999")).toContain("Product not found");
    expect(document.querySelector<HTMLAnchorElement>("a.btn")?.pathname).toBe("/goods");
  });
});
