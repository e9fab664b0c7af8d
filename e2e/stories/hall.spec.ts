import type { Page } from "@playwright/test";
import { shiftsOf, watchShifts } from "../support/shifts";
import { expect, readOnly } from "../support/test";

/**
 * Delays answers of the server so that each arrives only after the page has drawn what it had.
 * The page itself holds them, because from outside, a page may be on its way to a new address.
 */
async function answersComeLate(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const frames: Record<string, number> = {
      "/api/v1/hall": 3,
      "/api/v1/sites/demo": 6,
      "/api/v1/sites/demo/catalogue": 9,
    };
    const ask = window.fetch.bind(window);
    window.fetch = async (what, how) => {
      const { pathname } = new URL(what instanceof Request ? what.url : what, location.href);
      for (let left = frames[pathname] ?? 0; left > 0; left--) await new Promise(requestAnimationFrame);
      return ask(what, how);
    };
  });
}

readOnly(
  "the home page moves nothing while it is read, on a phone and on a screen",
  { tag: "@both" },
  async ({ people, t }) => {
    for (const viewport of [
      { width: 390, height: 844 },
      { width: 820, height: 1180 },
      { width: 1440, height: 900 },
    ]) {
      const page = await (await people.context("customer", { viewport })).newPage();
      await answersComeLate(page);
      await watchShifts(page);
      await page.goto("/");
      await expect(page.getByRole("heading", { name: t.hall("home.plans") })).toBeVisible();
      const { sum, moved } = await shiftsOf(page);
      expect(sum, `${String(viewport.width)} wide:\n${moved}`).toBeLessThan(0.02);
    }
  },
);

readOnly(
  "a search finds answers first, then goods, also by a part of a word and a slip of the finger",
  { tag: ["@zh-CN", "@must"] },
  async ({ people, t }) => {
    const { page } = await people.visitor("/search?q=漫游费");
    const main = page.getByRole("main");
    const answers = main.getByRole("region", { name: t.hall("search.answers") });
    await expect(answers.locator("details[open] .answer-text")).not.toBeEmpty();
    await expect(answers.getByText("漫游上网多少钱")).toBeVisible();
    await page.goto("/search?q=手机壳");
    await expect(main.getByRole("link", { name: "简缀 X9 壳膜套装" })).toBeVisible();
    await page.goto("/search?q=X9Por");
    await expect(main.getByRole("link", { name: "澈岚 X9 Pro", exact: true })).toBeVisible();
    await expect(main.getByRole("status")).toContainText("接近");
  },
);

readOnly("every page says what it is to who searches the web for it", { tag: "@both" }, async ({ people, t }) => {
  const { page } = await people.visitor("/");
  const description = page.locator("meta[name=description]");
  const seen = new Set<string>();
  for (const [path, heading, part] of [
    ["/", t.hall("home.hero"), t.pick("临空通信的自助营业厅", "Linkong Telecom self-service hall")],
    ["/goods", t.hall("goods.title"), "44"],
    ["/goods/g-001", t.pick("澈岚 X9 Pro", "Trelan X9 Pro"), "¥4,999"],
    ["/plans", t.hall("plans.title"), "12"],
    ["/search", t.hall("search.title"), t.pick("搜索", "Search")],
    ["/sign-in", t.hall("account.sign_in"), t.pick("登录", "Sign in")],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
    await expect(description).toHaveAttribute("content", new RegExp(part));
    const content = (await description.getAttribute("content")) ?? "";
    expect(/[一-鿿]/.test(content), content).toBe(t.lang === "zh-CN");
    seen.add(content);
  }
  expect(seen.size).toBe(6);
  await page.goto("/c/demo");
  await expect(description).toHaveAttribute("content", /.+/);
});

readOnly("English quotes and apostrophes are no wider than English letters", { tag: "@en" }, async ({ people }) => {
  const { page } = await people.visitor("/");
  for (const path of ["/", "/c/demo"]) {
    await page.goto(path);
    await expect(page.locator("h1, [role=log]").first()).toBeVisible();
    const [quotes, letters] = await page.evaluate(() => {
      const width = (text: string): number => {
        const span = document.body.appendChild(document.createElement("span"));
        span.style.position = "absolute";
        span.textContent = text;
        const { width } = span.getBoundingClientRect();
        span.remove();
        return width;
      };
      return [width("“”‘’"), width("nnnn")] as const;
    });
    expect(quotes, path).toBeLessThan(letters);
  }
});

readOnly(
  "a heading that takes the focus after a redirect has no ring: there is nothing to press",
  { tag: "@zh-CN" },
  async ({ people, t }) => {
    const { page } = await people.visitor("/");
    await page.goto("/account");
    const heading = page.getByRole("heading", { level: 1, name: t.hall("account.sign_in") });
    await expect(heading).toBeFocused();
    await page.keyboard.press("Shift");
    await expect(heading).toHaveCSS("box-shadow", "none");
  },
);
