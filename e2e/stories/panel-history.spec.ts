import { readFile } from "node:fs/promises";
import type { Download, Locator, Page } from "@playwright/test";
import { consoleScale, isAccessible, sideways } from "../support/axe";
import { demo } from "../support/demo";
import { expect, readOnly, test } from "../support/test";
import type { Words } from "../support/words";

interface Point {
  from: number;
  to: number;
  value: number | null;
  final: boolean;
}
interface Metrics {
  items: { key: string; time_zone: string; series: { total: number | null; points: Point[] }[] }[];
}

const day = (at: number, zone: string): string => new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(at);
const number = async (place: Locator): Promise<number> =>
  Number(((await place.textContent()) ?? "").replace(/\D/g, ""));
const text = async (download: Download): Promise<string> => readFile(await download.path(), "utf8");

/** The server's numbers for the same days. */
async function asked(page: Page, query: string): Promise<Metrics> {
  return (await (await page.request.get(`/api/v1/metrics?${query}`)).json()) as Metrics;
}
function points(metrics: Metrics, key: string): Point[] {
  const found = metrics.items.find((one) => one.key === key)?.series[0]?.points;
  if (!found) throw new Error(`there is no ${key}`);
  return found;
}
const card = (page: Page, t: Words, table: string): Locator =>
  page.getByRole("region", { name: t.console(`panel.table.${table}`), exact: true });

/** The number stated above the list behind a number, and the number of rows it shows. */
async function behind(page: Page, t: Words): Promise<{ count: number; rows: number }> {
  const drawer = page.getByRole("dialog");
  const count = drawer.locator(".behind-count b");
  await expect(count).toHaveText(/\d/);
  const total = await number(count);
  const rows = drawer.getByRole("listitem");
  const more = drawer.getByRole("button", {
    name: new RegExp(t.console("panel.behind.more", { count: 2 }).split(/[（(]/)[0] ?? ""),
  });
  while (await more.isVisible()) {
    const before = await rows.count();
    await more.click();
    await expect(async () => expect(await rows.count()).toBeGreaterThan(before)).toPass();
  }
  const shown = await rows.count();
  await drawer.getByRole("button", { name: t.console("panel.close") }).click();
  await expect(drawer).toBeHidden();
  return { count: total, rows: shown };
}

test("a manager reads the last days, opens a day, and takes the numbers along", { tag: ["@en", "@must"] }, async ({
  people,
  t,
}) => {
  const panel = await people.manager();
  const { page } = panel;
  await page
    .getByRole("navigation", { name: t.console("shell.rail.label") })
    .first()
    .getByRole("link", { name: t.console("areas.area.reports") })
    .click();
  await expect(page.getByRole("heading", { level: 1, name: t.console("panel.history.title") })).toBeVisible();
  const week = await asked(page, "days=7&compare=previous");
  const zone = week.items[0]?.time_zone ?? "";

  await test.step("the week has seven days, without today, and yesterday's numbers are those of the demo", async () => {
    await page.keyboard.press("v");
    const session = card(page, t, "session");
    const rows = session.getByRole("rowgroup").nth(1).getByRole("row");
    await expect(rows).toHaveCount(7);
    const created = points(week, "session_created");
    expect(created.every((point) => (point.value ?? 0) > 0)).toBe(true);
    for (const [index, point] of created.entries()) {
      await expect(rows.nth(index).getByRole("rowheader")).toHaveText(day(point.from, zone));
      await expect(rows.nth(index).getByRole("link").first()).toHaveText(t.number(point.value ?? 0));
    }
    await expect(rows.nth(6)).toContainText(t.console("panel.history.state.provisional"));
    await expect(rows.nth(0)).toContainText(t.console("panel.history.state.final"));
  });

  await test.step("yesterday opens the very conversations, as many as it counts", async () => {
    const rows = card(page, t, "session").getByRole("rowgroup").nth(1).getByRole("row");
    const door = rows.nth(6).getByRole("link").nth(3);
    const value = await number(door);
    expect(value).toBeGreaterThan(0);
    await door.click();
    expect(await behind(page, t)).toEqual({ count: value, rows: value });
  });

  await test.step("yesterday's occupancy opens the stretches at work behind it", async () => {
    const stretches = points(week, "busy")[6]?.value ?? 0;
    expect(stretches).toBeGreaterThan(0);
    const share = points(week, "occupancy")[6]?.value ?? -1;
    expect(share > 0 && share <= 1, `${String(share)} of the time`).toBe(true);
    await card(page, t, "occupancy")
      .getByRole("rowgroup")
      .nth(1)
      .getByRole("row")
      .nth(6)
      .getByRole("link")
      .first()
      .click();
    const drawer = page.getByRole("dialog");
    await expect(drawer.getByRole("listitem").first()).toContainText(
      t.console("panel.behind.stretch", { count: 1 }).replace(/\d+ /, ""),
    );
    expect(await behind(page, t)).toEqual({ count: stretches, rows: stretches });
  });

  await test.step("a point of the plot opens its day by the keyboard", async () => {
    await page.keyboard.press("v");
    const plot = card(page, t, "rating").getByRole("application");
    const mid = points(week, "rating_mid")[6]?.value ?? -1;
    const area = await plot.boundingBox();
    await plot.hover({ position: { x: (area?.width ?? 0) - 24, y: (area?.height ?? 0) / 2 } });
    const values = card(page, t, "rating").locator(".history-tip");
    for (const key of ["rating_good", "rating_mid", "rating_poor"])
      await expect(values, "values at the pointer").toContainText(t.number(points(week, key)[6]?.value ?? -1));
    await plot.focus();
    await page.keyboard.press("End");
    // The pointer has chosen the number nearest to it, which depends on the time of day: the keys continue from there.
    const chosen = plot.locator("[aria-live]");
    const first = new RegExp(
      `${panel.nameOf("rating_mid")} ${t.number(mid)}\\b.*${panel.nameOf("rating_poor")}.*${panel.nameOf("rating_good")}`,
    );
    for (let turns = 0; turns < 3 && !first.test((await chosen.textContent()) ?? ""); turns++) {
      const before = (await chosen.textContent()) ?? "";
      await page.keyboard.press("ArrowDown");
      await expect(chosen).not.toHaveText(before);
    }
    await expect(chosen).toHaveText(first);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/open=rating_mid/);
    expect(await behind(page, t)).toEqual({ count: mid, rows: mid });
  });

  await test.step("with today, the last point is what the live panel shows", async () => {
    await page.getByRole("button", { name: t.console("panel.history.with_today") }).click();
    await page.keyboard.press("v");
    const rows = card(page, t, "dialogue").getByRole("rowgroup").nth(1).getByRole("row");
    await expect(rows).toHaveCount(8);
    await expect(rows.nth(7)).toContainText(t.console("panel.history.state.today"));
    const live = (await (await page.request.get("/api/v1/panel")).json()) as { today: Record<string, number> };
    for (const [index, key] of ["dialogue", "no_answer", "transfer_request"].entries())
      await expect(rows.nth(7).getByRole("link").nth(index)).toHaveText(t.number(live.today[key] ?? -1));
    await page.keyboard.press("v");
  });

  await test.step("the file holds the same numbers", async () => {
    await page
      .getByRole("group", { name: t.console("panel.history.range"), exact: true })
      .getByRole("button", { name: t.console("panel.history.range.7") })
      .click();
    await expect(page).toHaveURL(/\/reports\/history$/);
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: t.console("panel.csv.save") }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^yingda-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
    const [head, ...rows] = (await text(download))
      .replace(/^\uFEFF/, "")
      .trim()
      .split("\r\n")
      .map((row) => row.slice(1, -1).split('","'));
    expect(rows).toHaveLength(7);
    for (const key of ["session_created", "dialogue", "rating_good"]) {
      const column = head?.indexOf(panel.nameOf(key)) ?? -1;
      expect(column, key).toBeGreaterThan(0);
      expect(
        rows.map((row) => Number(row[column])),
        key,
      ).toEqual(points(week, key).map((point) => point.value));
    }
  });

  await test.step("split, the parts are those of the server, open their own lists, and stand in the file", async () => {
    await page.getByLabel(t.console("panel.history.split"), { exact: true }).selectOption("lang");
    const session = card(page, t, "session");
    await session.getByLabel(t.console("panel.history.of")).selectOption("session_transferred");
    const parts = (await asked(page, "days=7&split=lang&keys=session_transferred")).items[0]?.series ?? [];
    expect(parts.length).toBeGreaterThan(1);
    const doors = session.getByRole("list").getByRole("link");
    await expect(doors).toHaveCount(parts.length);
    const sorted = parts.map((one) => one.total ?? 0).sort((a, b) => b - a);
    await expect(doors).toHaveText(sorted.map((total) => t.number(total)));
    await doors.first().click();
    expect(await behind(page, t)).toEqual({ count: sorted[0], rows: sorted[0] });
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: t.console("panel.csv.save") }).click();
    const [head] = (await text(await waiting)).replace(/^\uFEFF/, "").split("\r\n");
    for (const lang of [t.pick("中文", "Chinese"), t.pick("英文", "English")])
      expect(head).toContain(`${panel.nameOf("session_transferred")}/${lang}`);
    await page.getByLabel(t.console("panel.history.split"), { exact: true }).selectOption("");
  });

  await test.step("another clock has other days, and the address says which", async () => {
    const zones = page.getByLabel(t.console("panel.history.zone"), { exact: true });
    await zones.selectOption(t.console("panel.history.zone.more"));
    // The list of all zones opens by itself; a person would choose from it.
    await expect(zones.locator("optgroup")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await zones.selectOption("America/New_York");
    await expect(page).toHaveURL(/tz=America/);
    await page.keyboard.press("v");
    const rows = card(page, t, "session").getByRole("rowgroup").nth(1).getByRole("row");
    const there = points(await asked(page, "days=7&tz=America/New_York"), "session_created");
    await expect(rows).toHaveCount(7);
    for (const [index, point] of there.entries()) {
      await expect(rows.nth(index).getByRole("rowheader")).toHaveText(day(point.from, "America/New_York"));
      await expect(rows.nth(index).getByRole("link").first()).toHaveText(t.number(point.value ?? 0));
    }
    await page.keyboard.press("v");
    await zones.selectOption("");
  });

  await test.step("a chart is saved as a picture, in every shape", async () => {
    const shapes = page.getByRole("group", { name: t.console("panel.history.shape") });
    const stacked = shapes.getByRole("button", { name: t.console("panel.history.shape.stacked"), exact: true });
    await expect(stacked, "numbers that hold each other cannot be stacked").toBeDisabled();
    for (const shape of ["bars", "lines", "stacked"]) {
      // The parts of one number can be stacked.
      if (shape === "stacked") {
        await page.getByLabel(t.console("panel.history.split"), { exact: true }).selectOption("lang");
        await expect(stacked).toBeEnabled();
      }
      await page
        .getByRole("group", { name: t.console("panel.history.shape") })
        .getByRole("button", { name: t.console(`panel.history.shape.${shape}`), exact: true })
        .click();
      const waiting = page.waitForEvent("download");
      await card(page, t, "session")
        .getByRole("button", {
          name: t.console("panel.history.save_picture", { name: t.console("panel.table.session") }),
        })
        .click();
      const picture = await readFile(await (await waiting).path());
      expect(picture.subarray(1, 4).toString()).toBe("PNG");
      expect(picture.readUInt32BE(16)).toBeGreaterThan(1000);
      expect(picture.length).toBeGreaterThan(10_000);
    }
    await page.getByLabel(t.console("panel.history.split"), { exact: true }).selectOption("");
    await expect(stacked).toBeDisabled();
  });

  await test.step("a range that ends before it begins is told, and the address keeps what is shown", async () => {
    await page.getByLabel(t.console("panel.history.to"), { exact: true }).fill("2020-01-01");
    await expect(page.getByRole("alert")).toHaveText(t.console("panel.history.fault.backwards"));
    await page.getByLabel(t.console("panel.history.from"), { exact: true }).fill("2019-12-30");
    await expect(page.getByRole("status").filter({ hasText: t.like(t.console("panel.history.before")) })).toBeVisible();
    await expect(
      card(page, t, "session").getByRole("list").getByRole("link"),
      "what nobody counted is no zero",
    ).toHaveCount(0);
    await expect(page).toHaveURL(/from=.?.?.?2019-12-30/);
    await page.reload();
    await expect(page.getByLabel(t.console("panel.history.from"), { exact: true })).toHaveValue("2019-12-30");
  });
});

test("a question without an answer leads from the panel to where the bot is taught", { tag: "@zh-CN" }, async ({
  people,
  t,
}) => {
  const { unknown } = demo(t);
  const { chat } = await people.customer();
  await chat.say(unknown);
  await expect(chat.bot(t.pick("不想乱猜", "rather not guess")).first()).toBeVisible();
  const { page } = await people.staff("manager");
  await page.goto("/console/floor/live?open=no_answer");
  const row = page.getByRole("dialog").getByRole("listitem").filter({ hasText: unknown });
  await row.getByRole("link", { name: t.console("panel.behind.teach_this", { words: unknown }) }).click();
  const group = page.getByRole("listitem", { name: unknown });
  await expect(group).toHaveAttribute("aria-current", "true");
  await expect(group).toBeFocused();
});

test("a wall opens by its link without sign-in, and no longer when that is revoked", { tag: ["@en", "@must"] }, async ({
  people,
  t,
}) => {
  const { page } = await people.staff("manager");
  await page.goto("/console/floor/wall");
  await expect(page.getByText(t.console("panel.wall.none"))).toBeVisible();
  await page.getByRole("button", { name: t.console("panel.wall.new") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(t.console("panel.wall.name")).fill("Floor 3");
  await dialog.getByRole("button", { name: t.console("panel.wall.make") }).click();
  const link = await dialog.getByLabel(t.console("panel.wall.link")).inputValue();
  expect(link).toMatch(/\/console\/wall\?lang=[\w-]+#[0-9a-f]{64}$/);
  await dialog.getByRole("button", { name: t.console("panel.wall.done") }).click();
  await expect(page.getByRole("listitem", { name: "Floor 3" })).toContainText(t.console("panel.wall.never"));

  const screen = await (await people.context("screen", { viewport: { width: 1440, height: 900 } })).newPage();
  await screen.goto(link);
  const tile = (title: string): Locator =>
    screen.locator(".wall-tile", { has: screen.getByRole("heading", { name: t.console(title), exact: true }) });
  await expect(tile("panel.wall.waiting").locator(".wall-big")).toHaveText("0");
  await isAccessible(screen, "the wall");
  await test.step("who waits is on the wall within seconds, without a name", async () => {
    const { chat } = await people.customer();
    await chat.say(t.pick("你好", "hello"));
    await expect(chat.bot(/./).nth(1)).toBeVisible();
    await chat.human.click();
    await expect(tile("panel.wall.waiting").locator(".wall-big")).toHaveText("1");
    await expect(screen.locator(".wall-dot")).toHaveCount(1);
  });
  await test.step("the link reads nothing else", async () => {
    const token = link.split("#")[1] ?? "";
    for (const path of ["panel", "metrics", "conversations?list=queue", "colleagues", "wall-links"]) {
      const answer = await screen.request.get(`/api/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } });
      expect(answer.status(), path).toBe(401);
    }
  });
  await test.step("revoked, the screen says so by itself, and does not open again", async () => {
    await page.reload();
    const row = page.getByRole("listitem", { name: "Floor 3" });
    await row.getByRole("button", { name: t.console("panel.wall.revoke") }).click();
    await page
      .getByRole("button", { name: t.console("panel.wall.revoke") })
      .last()
      .click();
    await expect(row).toBeHidden();
    await expect(screen.getByRole("heading", { name: t.console("panel.wall.closed") })).toBeVisible();
    await screen.reload();
    await expect(screen.getByRole("heading", { name: t.console("panel.wall.closed") })).toBeVisible();
  });
});

test("a wall whose numbers have stopped turns amber", { tag: "@zh-CN" }, async ({ people, server, t }) => {
  const { page } = await people.staff("manager");
  await page.goto("/console/wall");
  await expect(page.locator(".wall-big").first()).toBeVisible();
  await server.kill();
  await expect(page.locator(".wall-old")).toBeVisible();
  await expect(page.locator(".wall-age")).toHaveText(t.like(t.console("panel.wall.old")));
  await server.run();
  await expect(page.locator(".wall-old")).toHaveCount(0);
});

readOnly("the offline panel is accessible in every shape and size", { tag: "@en" }, async ({ people, t }) => {
  const { page } = await people.staff("manager");
  for (const path of [
    "/console/reports/history",
    "/console/reports/history?shape=stacked&table=true",
    "/console/floor/wall",
  ]) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    if (path.includes("history")) await expect(card(page, t, "rating")).toBeVisible();
    await isAccessible(page, path);
    await page.emulateMedia({ colorScheme: "dark" });
    await isAccessible(page, `${path} in dark`);
    await page.emulateMedia({ colorScheme: "light" });
    for (const [width, scale] of [
      [1440, 200],
      [390, 200],
      [320, 100],
    ] as const) {
      await page.setViewportSize({ width, height: 844 });
      await consoleScale(page, scale);
      if (path.includes("history")) await expect(card(page, t, "rating")).toBeVisible();
      expect
        .soft(await sideways(page), `${path} at ${String(width)} and ${String(scale)} % does not scroll sideways`)
        .toBeLessThanOrEqual(0);
    }
    await isAccessible(page, `${path} on a phone`);
    await consoleScale(page, 100);
  }
});
