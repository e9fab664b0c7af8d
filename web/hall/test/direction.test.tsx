import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { SearchPage } from "../src/pages/search";
import { forget } from "../src/resource";
import { demoCatalogue, demoItem } from "./demo";

const said = "שלום! האם אפשר לבטל?";
const called = { zh: "", en: "מכשיר (3)" };
const hebrew = /[\u0590-\u05ff]/;
const settle = (): Promise<void> => act(async () => new Promise((done) => setTimeout(done, 0)));

beforeEach(() => forget(""));
afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
});

it.each([
  ["answers", { items: [{ id: "kb-1", question: said, answer: said }] }, { items: [], near: false }, 2],
  ["goods", { items: [] }, { items: [{ ...demoItem("g-001"), name: called, tagline: called }], near: false }, 2],
  ["nothing but a category", { items: [] }, { items: [], near: true, nearest_category: "phone" }, 1],
] as const)("the hall's search shows what people wrote in its own direction: %s", async (_, answers, goods, least) => {
  const categories = [{ ...demoCatalogue.categories[0]!, id: "phone", name: called }];
  vi.stubGlobal("fetch", async (url: string) => {
    const body = url.endsWith("/hall")
      ? { site: "main" }
      : url.includes("/catalogue")
        ? { ...demoCatalogue, categories }
        : url.includes("/answers")
          ? answers
          : { nearest_category: null, ...goods };
    return Response.json(body);
  });
  const context = {
    words: i18n("en"),
    prefs: { lang: "en", easy: null },
    sells: { goods: true, plans: true },
    name: "Alpha",
    site: "main",
  } as unknown as HallContext;
  await act(() =>
    render(<Context.Provider value={context}>{h(SearchPage, { q: "x" })}</Context.Provider>, document.body),
  );
  for (let round = 0; round < 8; round++) await settle();
  const shown = [...document.querySelectorAll<HTMLElement>("body *")].filter((one) =>
    [...one.childNodes].some((node) => node.nodeType === 3 && hebrew.test(node.textContent ?? "")),
  );
  expect(shown.length).toBeGreaterThanOrEqual(least);
  const without = shown.filter(
    (one) => !one.closest("[dir=auto], bdi, option, .sr") && !one.textContent?.includes("\u2068"),
  );
  expect(without.map((one) => one.outerHTML)).toEqual([]);
});
