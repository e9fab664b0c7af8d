import type { Locator, Page } from "@playwright/test";
import { isAccessible, sideways } from "../support/axe";
import { demo } from "../support/demo";
import { tabTo } from "../support/keyboard";
import { expect, test } from "../support/test";
import type { Words } from "../support/words";

/** What easy mode promises, in CSS pixels. */
const BODY = 24;
const SUPPORTING = 18;
const TARGET = 60;
const TOOL = 48;
const GAP = 12;
const ACTIONS = 6;
const ON_BRAND = 8;

const enter = (page: Page, t: Words): Locator => page.getByRole("button", { name: t.hall("easy.mode_label") });
const main = (page: Page): Locator => page.getByRole("main");
const scale = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => document.documentElement.dataset.fontScale);

/** The contrast of each element's text with its background, and the text size. */
const looks = (list: Locator): Promise<{ text: string; size: number; contrast: number }[]> =>
  list.evaluateAll((all) => {
    const paper = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (!paper) throw new Error("no canvas");
    const rgb = (color: string): number[] => {
      paper.clearRect(0, 0, 1, 1);
      paper.fillStyle = color;
      paper.fillRect(0, 0, 1, 1);
      return [...paper.getImageData(0, 0, 1, 1).data];
    };
    const light = (c: number[]): number =>
      c
        .slice(0, 3)
        .map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * ([0.2126, 0.7152, 0.0722][i] ?? 0), 0);
    return all.map((element) => {
      let ground: Element | null = element;
      while (ground && rgb(getComputedStyle(ground).backgroundColor)[3] !== 255) ground = ground.parentElement;
      const [a, b] = [
        rgb(getComputedStyle(element).color),
        ground ? rgb(getComputedStyle(ground).backgroundColor) : [255, 255, 255, 255],
      ].map(light);
      const [high, low] = [Math.max(a ?? 0, b ?? 0), Math.min(a ?? 0, b ?? 0)];
      return {
        text: element.textContent ?? "",
        size: parseFloat(getComputedStyle(element).fontSize),
        contrast: (high + 0.05) / (low + 0.05),
      };
    });
  });

/** The heights of pressable elements, and the smallest gap between two of them. */
const targets = (list: Locator): Promise<{ heights: number[]; gap: number }> =>
  list.evaluateAll((all) => {
    const boxes = all.map((element) => element.getBoundingClientRect()).filter((box) => box.height > 0);
    let gap = Infinity;
    boxes.forEach((a, i) =>
      boxes.slice(i + 1).forEach((b) => {
        const x = Math.max(a.left - b.right, b.left - a.right);
        const y = Math.max(a.top - b.bottom, b.top - a.bottom);
        gap = Math.min(gap, Math.max(x, y));
      }),
    );
    return { heights: boxes.map((box) => box.height), gap };
  });

test("easy mode is entered by its name, kept over a reload and on every page, and left by one press", {
  tag: "@zh-CN",
}, async ({ people, t }) => {
  const { page } = await people.visitor("/");
  await enter(page, t).click();
  await expect(page.getByRole("heading", { level: 1, name: t.hall("easy.hello") })).toBeVisible();
  expect(await scale(page)).toBe("150");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: t.hall("easy.hello") })).toBeVisible();
  expect(await scale(page)).toBe("150");
  await page.getByRole("button", { name: t.hall("easy.bigger"), exact: true }).click();
  expect(await scale(page)).toBe("200");
  await page.getByRole("link", { name: t.hall("easy.see_plans") }).click();
  await expect(page.getByRole("heading", { level: 1, name: t.hall("easy.plans") })).toBeFocused();
  expect(await scale(page)).toBe("200");
  await page.getByRole("button", { name: t.hall("easy.standard"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: t.hall("plans.title") })).toBeVisible();
  expect(await scale(page)).toBeUndefined();
  for (const path of ["/goods", `/goods/${demo(t).product.id}`, "/plans", "/search"]) {
    await page.goto(path);
    await expect(enter(page, t)).toBeVisible();
  }
});

test("sizes, gaps and contrast are measured; nothing scrolls sideways; axe finds nothing", { tag: "@both" }, async ({
  people,
  t,
}) => {
  const { page } = await people.visitor("/");
  await enter(page, t).click();
  const { product } = demo(t);
  for (const [path, ready] of [
    ["/", t.hall("easy.hello")],
    ["/plans", t.hall("easy.plans")],
    ["/goods", t.pick("手机", "Phones")],
    [`/goods/${product.id}`, product.name],
  ] as const) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path, { waitUntil: "networkidle" });
    await expect(page.getByRole("heading", { level: 1, name: ready })).toBeVisible();
    const pressed = main(page).locator("a, button");
    expect.soft(await pressed.count(), `${path}: actions`).toBeLessThanOrEqual(ACTIONS);
    const { heights, gap } = await targets(pressed);
    expect.soft(Math.min(...heights), `${path}: the lowest target`).toBeGreaterThanOrEqual(TARGET);
    expect.soft(gap, `${path}: the smallest gap`).toBeGreaterThanOrEqual(GAP);
    const tools = await targets(page.getByRole("banner").locator("a, button"));
    expect.soft(Math.min(...tools.heights), `${path}: the lowest tool`).toBeGreaterThanOrEqual(TOOL);
    expect.soft(tools.gap, `${path}: between tools`).toBeGreaterThanOrEqual(GAP);
    for (const { text, size } of await looks(main(page).locator("p, li, dd, dt, button, a")))
      expect.soft(size, `${path}: ${text}`).toBeGreaterThanOrEqual(BODY);
    for (const { text, size } of await looks(page.getByRole("banner").locator("a, button")))
      expect.soft(size, `${path}: ${text}`).toBeGreaterThanOrEqual(SUPPORTING);
    for (const { text, contrast } of await looks(main(page).locator("h1, h2, p, dt, dd, a, button")))
      expect.soft(contrast, `${path}: ${text}`).toBeGreaterThanOrEqual(7);
    for (const text of await pressed.allInnerTexts())
      expect.soft(text.trim(), `${path}: every control has words`).not.toBe("");
    expect.soft(await main(page).innerText(), `${path}: yuan is a word`).not.toContain("¥");
    for (const scheme of t.lang === "en" ? (["light"] as const) : (["light", "dark"] as const)) {
      await page.emulateMedia({ colorScheme: scheme });
      await expect(page.locator("html")).toHaveAttribute("data-theme", scheme);
      await isAccessible(page, `${path} in ${scheme}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 320, height: 844 });
    expect.soft(await sideways(page), `${path} at 320`).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("button", { name: t.hall("easy.bigger"), exact: true }).click();
    expect.soft(await sideways(page), `${path} at 390 with 200 %`).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: t.hall("easy.smaller"), exact: true }).click();
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/", { waitUntil: "networkidle" });
  for (const { text, contrast } of await looks(page.locator(".easy-person, .easy-person h2, .easy-person p")))
    expect(contrast, text).toBeGreaterThanOrEqual(ON_BRAND);
  const scam = await page.getByText(t.hall("easy.scam")).boundingBox();
  expect(
    (scam?.y ?? Infinity) + (scam?.height ?? 0),
    "the scam notice is on the first screen of a phone",
  ).toBeLessThanOrEqual(844);
});

test("a person is reached by keyboard alone, in a chat that is large and plain too", { tag: "@zh-CN" }, async ({
  people,
  t,
}) => {
  const desk = await people.agent();
  const { page, chat } = await people.visitor("/");
  await tabTo(page, enter(page, t));
  await page.keyboard.press("Enter");
  const ask = main(page).getByRole("button", { name: t.hall("easy.person_go") });
  await tabTo(page, ask);
  await page.keyboard.press("Enter");
  await expect(chat.log.getByText(t.widget("elder.joined", { name: desk.name }))).toBeVisible();
  const root = page.frameLocator("iframe").locator("html");
  await expect(root).toHaveAttribute("data-mode", "elder");
  await expect(root).toHaveAttribute("data-font-scale", "150");
  await desk.openFirst();
  await desk.say("We are here");
  await expect(chat.agent("We are here")).toBeVisible();
  await isAccessible(page, "the chat in easy mode");
  await desk.resolve();
  await expect(chat.sendRating).toBeVisible();
  const words = chat.root.locator(".stars label");
  await expect(words).toHaveText(t.widget("rate.words").split("/"));
  const sizes = await targets(words);
  expect(Math.min(...sizes.heights)).toBeGreaterThanOrEqual(TARGET);
  await isAccessible(page, "the rating in easy mode");
  // what is to be done is in view on a phone, too
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(chat.sendRating).toBeInViewport({ ratio: 1 });
  await expect(chat.root.locator(".hum")).toBeHidden();
  await expect(chat.root.locator("textarea")).toBeHidden();
  await words.last().click();
  await expect(chat.root.locator("textarea")).toBeVisible();
  await expect(chat.sendRating).toBeInViewport({ ratio: 1 });
});

test("every turn of the bot ends with the way to a person, and no row of questions", { tag: ["@en", "@must"] }, async ({
  people,
  t,
}) => {
  const { page, chat } = await people.visitor("/", { viewport: { width: 390, height: 844 } });
  await enter(page, t).click();
  await main(page).locator(".easy-tiles button").first().click();
  const lost = chat.root.getByRole("button", { name: t.widget("elder.lost") });
  await expect(chat.log.locator("article.bot")).toHaveCount(2);
  await expect(chat.log.locator("article.bot").last()).toBeVisible();
  await expect(lost).toHaveCount(1);
  await expect(chat.root.locator(".chip")).toHaveCount(0);
  expect((await targets(chat.root.locator(".turn .btn, .hum, .say-it"))).heights.every((h) => h >= TARGET)).toBe(true);
  expect(await chat.root.locator("html").evaluate((root) => root.scrollWidth - root.clientWidth)).toBeLessThanOrEqual(
    0,
  );
  await isAccessible(page, "the bot in easy mode");
  // what is being read is still in view in larger letters, and there is room for it
  await chat.root.getByRole("button", { name: t.widget("elder.bigger"), exact: true }).click();
  await expect(chat.root.locator("html")).toHaveAttribute("data-font-scale", "200");
  await expect(chat.log.locator("article.bot").last()).toBeInViewport();
  await expect.poll(() => chat.log.evaluate((log) => log.clientHeight)).toBeGreaterThan(844 / 3);
  await lost.click();
  await expect(chat.root.getByText(t.widget("queue.unstaffed"))).toBeVisible();
});

test("reading aloud waits for a press, says each piece, shows it, and stops at any touch", { tag: "@zh-CN" }, async ({
  people,
  t,
}) => {
  const context = await people.context("customer");
  await context.addInitScript((lang) => {
    const said: string[] = [];
    Object.assign(window, { said });
    Object.defineProperty(window, "SpeechSynthesisUtterance", {
      value: class {
        constructor(readonly text: string) {}
      },
    });
    Object.defineProperty(window, "speechSynthesis", {
      value: Object.assign(new EventTarget(), {
        getVoices: () => [{ lang }],
        cancel: () => said.push("stop"),
        speak: (u: { text: string; rate: number }) => said.push(`${u.text} at ${String(u.rate)}`),
      }),
    });
  }, t.lang);
  const page = await context.newPage();
  const said = (): Promise<string[]> => page.evaluate(() => (window as unknown as { said: string[] }).said);
  await page.goto("/");
  await enter(page, t).click();
  const read = page.getByRole("button", { name: t.hall("easy.read") });
  await expect(read).toBeVisible();
  expect(await said()).toEqual([]);
  await read.click();
  await expect(page.locator(".read-now")).toHaveText(t.hall("easy.hello"));
  expect(await said()).toEqual(["stop", `${t.hall("easy.hello")} at 0.85`]);
  await page.getByRole("heading", { name: t.hall("easy.browse") }).click();
  await expect(page.locator(".read-now")).toHaveCount(0);
  expect((await said()).at(-1)).toBe("stop");
  await expect(read).toBeVisible();
});

test("easy mode is offered once to who reads with large letters", { tag: "@en" }, async ({ people, t }) => {
  const context = await people.context("customer");
  await context.addInitScript(() => {
    const look = (): boolean => {
      if (!document.documentElement) return false;
      // what a browser with larger text makes of `100%`
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(":root:not([data-font-scale]) { font-size: 22px !important }");
      document.adoptedStyleSheets = [sheet];
      return true;
    };
    if (!look())
      new MutationObserver((_, watch) => look() && watch.disconnect()).observe(document, { childList: true });
  });
  const page = await context.newPage();
  await page.goto("/");
  const offer = page.getByRole("complementary", { name: t.hall("easy.mode") });
  await expect(offer).toBeVisible();
  await isAccessible(page, "the offer");
  await offer.getByRole("button", { name: t.hall("easy.offer_no") }).click();
  await expect(offer).toHaveCount(0);
  await page.reload();
  await expect(enter(page, t)).toBeVisible();
  await expect(offer).toHaveCount(0);
});

test("easy mode reaches what the ordinary pages hold: a product with its data sheet, and the search", {
  tag: "@zh-CN",
}, async ({ people, t }) => {
  const { product } = demo(t);
  const { page } = await people.visitor("/");
  await enter(page, t).click();
  await main(page)
    .getByRole("link", { name: t.hall("easy.see_goods") })
    .click();
  await main(page)
    .getByRole("link", { name: t.hall("easy.see_item", { name: product.name }), exact: true })
    .click();
  await expect(page.getByRole("heading", { level: 1, name: product.name })).toBeFocused();
  await expect(main(page).getByRole("definition").filter({ hasText: "512" })).toBeVisible();
  await page.goBack();
  const box = main(page).getByRole("searchbox", { name: t.hall("search.label") });
  await box.fill(t.pick("冰箱", "fridge"));
  await box.press("Enter");
  await expect(
    page.getByRole("heading", { level: 1, name: t.hall("search.title_for", { q: t.pick("冰箱", "fridge") }) }),
  ).toBeVisible();
  await expect(main(page).getByRole("article").first()).toBeVisible();
  const pressed = main(page).locator("a, button");
  expect(await pressed.count()).toBeLessThanOrEqual(ACTIONS);
  expect(Math.min(...(await targets(pressed)).heights)).toBeGreaterThanOrEqual(TARGET);
  await isAccessible(page, "the search of easy mode");
  await box.fill("zzzqqq");
  await box.press("Enter");
  await expect(main(page).getByText(t.hall("search.none", { q: "zzzqqq" }))).toBeVisible();
});
