import type { Locator, Page } from "@playwright/test";
import { consoleScale, isAccessible, sideways } from "../support/axe";
import { tabTo } from "../support/keyboard";
import { expect, readOnly, test } from "../support/test";

test("a new greeting and colour are seen by the next visitor, without a restart", { tag: ["@en", "@must"] }, async ({
  people,
  server,
  t,
}) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const greeting = t.pick("今天有什么可以帮您办？", "What shall we sort out today?");
  const { page } = await people.staff("administrator");
  await page.goto("/console/settings/queues");
  await page.getByRole("link", { name: t.console("areas.page.sites"), exact: true }).click();
  const site = page.getByRole("list", { name: s("side.sites") }).getByRole("listitem");
  await expect(site).toHaveCount(1);
  await expect(site.getByText(/data-site="demo"/)).toBeVisible();

  await test.step("the form says what white words need, and names what is wrong", async () => {
    await site.getByRole("button", { name: new RegExp(`^${s("edit")}`) }).click();
    const form = page.getByRole("dialog");
    const to = async (step: string) => form.getByRole("button", { name: t.like(s(`step.${step}`)) }).click();
    await to("look");
    await form
      .getByRole("textbox", {
        name: t.console("kit.lang.of", {
          label: s("field.greeting"),
          language: t.console(t.lang === "en" ? "kit.lang.en" : "kit.lang.zh"),
        }),
      })
      .fill(greeting);
    const brand = form.getByRole("textbox", { name: s("field.brand"), exact: true });
    await brand.fill("#ffcc00");
    await expect(form.getByText(t.like(s("brand.darkened")))).toBeVisible();
    await brand.fill("#7a1f5c");
    await expect(form.getByText(t.like(s("brand.fits")))).toBeVisible();
    await test.step("Back and a reload ask before that is lost", async () => {
      await page.evaluate(() => history.back());
      const question = page.getByRole("dialog", { name: t.console("kit.leave.ask") });
      await question.getByRole("button", { name: t.console("kit.leave.keep") }).click();
      await expect(question).toHaveCount(0);
      await expect(brand).toHaveValue("#7a1f5c");
      const asked = new Promise<string>((resolve) =>
        page.once("dialog", (dialog) => void dialog.dismiss().then(() => resolve(dialog.type()))),
      );
      await page.evaluate(() => void setTimeout(() => location.reload()));
      expect(await asked).toBe("beforeunload");
      await expect(brand).toHaveValue("#7a1f5c");
    });
    await to("place");
    await form.getByRole("textbox", { name: s("field.origins") }).fill("shop.example/cart");
    await form.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(form.getByText(new RegExp(t.console("problem.code.origin_invalid").slice(0, 8)))).toBeVisible();
    await form.getByRole("textbox", { name: s("field.origins") }).fill("");
    await to("service");
    await form.getByRole("switch", { name: s("field.asks_rating") }).click();
    await form.getByRole("button", { name: t.console("kit.save") }).click();
    await expect(form).toHaveCount(0);
  });

  const told = (await (await fetch(`${server.url}/api/v1/sites/demo`)).json()) as {
    brand: string;
    service: { asks_rating: boolean };
  };
  expect(told.brand).toBe("#7a1f5c");
  expect(told.service.asks_rating).toBe(false);
  const { page: visitor } = await people.customer();
  await expect(visitor.getByText(greeting)).toBeVisible();
});

test("the company's hours, holidays and time zone; hours that end before they begin are refused by day and field", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const { page } = await people.staff("administrator");
  // As after an update of the program: what this page has not loaded yet is gone.
  const gone = /\/assets\/palette-/;
  await page.route(gone, (route) => route.fulfill({ status: 404 }));
  await page.goto("/console/settings/company");
  await page.getByRole("button", { name: s("hours.by") }).click();
  const to = page.getByRole("textbox", { name: s("hours.to", { day: s("day.wed"), n: 1 }) });
  await to.fill("8");
  await to.blur();
  await expect(to).toHaveValue("08:00");
  await page.getByRole("button", { name: t.console("kit.save") }).click();
  await expect(
    page.getByText(`${s("day.wed")}: ${t.console("problem.code.interval_ends_before_it_begins")}`),
  ).toBeVisible();
  await to.fill("18:00");
  await page.getByRole("button", { name: s("hours.add_date") }).click();
  await page.getByLabel(s("hours.date", { n: 1 })).fill("2027-02-17");
  const holiday = page.getByRole("textbox", { name: s("hours.name", { n: 1 }) });
  await holiday.fill(t.pick("春节", "Spring Festival"));
  await test.step("a part of another version is told as that, and the reload keeps what was entered", async () => {
    await page.keyboard.press("Control+k");
    await expect(page.getByText(t.console("failure.code.reload"))).toBeVisible();
    await expect(holiday).toHaveValue(t.pick("春节", "Spring Festival"));
    await page.unroute(gone);
    const again = page.waitForEvent("load");
    await page.getByRole("button", { name: t.console("desk.foot.reload"), exact: true }).click();
    await again;
    await expect(holiday).toHaveValue(t.pick("春节", "Spring Festival"));
    await expect(to).toHaveValue("18:00");
  });
  const zone = page
    .getByRole("combobox", { name: s("field.time_zone") })
    .or(page.getByRole("textbox", { name: s("field.time_zone") }));
  await zone.fill("Asia/Nowhere");
  await page.getByRole("button", { name: t.console("kit.save") }).click();
  await expect(page.getByText(t.console("problem.code.time_zone_unknown"))).toBeVisible();
  await zone.fill("Asia/Singapore");
  await page.getByRole("button", { name: t.console("kit.save") }).click();
  await expect(page.getByText(s("saved.now"))).toBeVisible();
  await page.reload();
  await expect(zone).toHaveValue("Asia/Singapore");
  await expect(page.getByLabel(s("hours.date", { n: 1 }))).toHaveValue("2027-02-17");
});

test("a queue is added with its members, a group is counted, and what is in use stays", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const { page } = await people.staff("manager");
  await page.goto("/console/settings/queues");
  await expect(
    page
      .getByRole("navigation", { name: t.console("areas.area.settings") })
      .getByRole("link", { name: s("side.company") }),
  ).toHaveCount(0);
  await page.getByRole("button", { name: s("queue.new") }).click();
  const form = page.getByRole("dialog", { name: s("queue.new") });
  await form
    .getByRole("textbox", {
      name: t.console("kit.lang.of", { label: s("field.queue_name"), language: t.console("kit.lang.zh") }),
    })
    .fill("账单");
  await form
    .getByRole("textbox", {
      name: t.console("kit.lang.of", { label: s("field.queue_name"), language: t.console("kit.lang.en") }),
    })
    .fill("Bills");
  await form.getByRole("button", { name: s("queue.these") }).click();
  await form.getByRole("button", { name: t.console("kit.save") }).click();
  await expect(form.getByText(s("fault.members"))).toBeVisible();
  await form.getByRole("checkbox", { name: /周敏/ }).check();
  await form.getByRole("button", { name: t.console("kit.save") }).click();
  await expect(page.getByRole("listitem", { name: t.pick("账单", "Bills") }).getByText(/周敏/)).toBeVisible();

  const general = page.getByRole("listitem", { name: t.pick("综合服务", "General"), exact: true });
  const name = t.pick("综合服务", "General");
  await general.getByRole("button", { name: s("delete.one", { name }) }).click();
  const goes = page.getByRole("dialog", { name: s("delete.ask", { name }) });
  await expect(goes.getByText(s("uses.sites", { count: 1 }))).toBeVisible();
  await goes.getByRole("button", { name: s("delete"), exact: true }).click();
  await expect(goes.getByLabel(s("goes.queue"))).toHaveAttribute("aria-invalid", "true");
  await goes.getByRole("button", { name: s("goes.keep") }).click();
  await expect(general).toBeVisible();

  await page.goto("/console/settings/groups");
  const group = page.getByRole("listitem", { name: "营业组" });
  await group.getByRole("button", { name: s("delete"), exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: s("delete"), exact: true })
    .click();
  await expect(page.getByText(s("group.in_use", { count: 1 }))).toBeVisible();
});

test("two editors of a queue: the second sees both versions, and nothing typed is lost", { tag: "@zh-CN" }, async ({
  people,
  t,
}) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const general = t.pick("综合服务", "General");
  const name = t.console("kit.lang.of", {
    label: s("field.queue_name"),
    language: t.console(t.lang === "en" ? "kit.lang.en" : "kit.lang.zh"),
  });
  const edit = async (page: Page, words: string): Promise<Locator> => {
    await page.goto("/console/settings/queues");
    await page
      .getByRole("listitem", { name: general, exact: true })
      .getByRole("button", { name: new RegExp(`^${s("edit")}`) })
      .click();
    const form = page.getByRole("dialog", { name: s("queue.edit") });
    await form.getByRole("textbox", { name }).fill(words);
    return form;
  };
  const [{ page: first }, { page: second }] = [await people.staff("manager"), await people.staff("administrator")];
  const mine = await edit(second, t.pick("我写的名字", "What I typed"));
  const theirs = await edit(first, t.pick("别人写的", "What they typed"));
  await theirs.getByRole("button", { name: t.console("kit.save") }).click();
  await expect(theirs).toHaveCount(0);
  await mine.getByRole("button", { name: t.console("kit.save") }).click();
  await expect(mine.getByRole("alert")).toHaveText(t.console("kit.conflict.changed"));
  await expect(mine.getByText(t.pick("我写的名字", "What I typed"))).toBeVisible();
  await expect(mine.getByText(t.pick("别人写的", "What they typed"))).toBeVisible();
  await isAccessible(second, "both versions of a queue");
  await mine.getByRole("button", { name: t.console("kit.conflict.take_mine") }).click();
  await expect(mine).toHaveCount(0);
  await expect(first.getByRole("listitem", { name: t.pick("我写的名字", "What I typed") })).toBeVisible();
});

test("people by keyboard alone, on a phone at 200 %: invited, found, and kept out only after the question who answers then", {
  tag: "@zh-CN",
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const { page } = await people.staff("administrator");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/console/settings/people");
  await consoleScale(page, 200);
  const press = async (target: Locator, key = "Enter"): Promise<void> => {
    await tabTo(page, target, { most: 120 });
    await page.keyboard.press(key);
  };
  const fits = async (what: string): Promise<void> => {
    await isAccessible(page, what);
    expect.soft(await sideways(page), `${what} does not scroll sideways`).toBeLessThanOrEqual(0);
  };

  await press(page.getByRole("button", { name: s("person.invite"), exact: true }));
  const form = page.getByRole("dialog", { name: s("person.invite") });
  await expect(form.getByRole("textbox", { name: s("field.email") })).toBeFocused();
  await page.keyboard.type("linxia@linkong.example");
  await tabTo(page, form.getByRole("textbox", { name: s("field.name") }));
  await page.keyboard.type("林夏");
  await fits("the form of a person");
  await page.keyboard.press("Enter");
  const link = page.getByRole("dialog", { name: s("link.title", { name: "林夏" }) });
  await link.waitFor();
  await fits("the link of a person");
  await press(link.getByRole("button", { name: t.console("kit.done") }));
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const { id } = await page.evaluate(async () => {
    const found = (await (await fetch("/api/v1/staff?q=linxia")).json()) as { items: { id: string }[] };
    const id = found.items[0]?.id ?? "";
    const made = await fetch("/api/v1/queues", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name: { zh: "账单", en: "Bills" }, everybody: false, members: [id] }),
    });
    if (!made.ok) throw new Error(await made.text());
    return { id };
  });
  expect(id).toMatch(/^agt_/);
  await tabTo(page, page.getByRole("searchbox", { name: s("search.people") }), { back: true, most: 200 });
  await page.keyboard.type("linxia");
  const rows = page.getByRole("row").filter({ has: page.getByRole("rowheader") });
  await expect(rows).toHaveCount(1);
  await fits("one person");
  // On a phone all of a row's actions are behind one button, and those that need confirmation ask there.
  const acts = t.console("shell.acts.of", { name: "林夏" });
  await press(rows.getByRole("button", { name: acts }));
  await press(page.getByRole("dialog", { name: acts }).getByRole("button", { name: s("person.disable"), exact: true }));
  await expect(page.getByText(s("person.disable.ask", { name: "林夏" }))).toBeVisible();
  await press(page.getByRole("dialog", { name: acts }).getByRole("button", { name: s("person.disable"), exact: true }));
  await expect(page.getByRole("alert")).toHaveText(s("unattended", { names: t.pick("账单", "Bills") }));
  await expect(page.getByRole("button", { name: s("unattended.back") })).toBeFocused();
  await fits("the question who answers");
  await press(page.getByRole("button", { name: s("unattended.disable") }));
  await expect(rows.getByText(s("status.disabled"), { exact: true })).toBeVisible();
});

test("queues by keyboard alone, on a phone at 200 %: made, given to somebody, and left to nobody only by who says so", {
  tag: "@en",
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const { page } = await people.staff("manager");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/console/settings/queues");
  await consoleScale(page, 200);
  const press = async (target: Locator, key = "Enter"): Promise<void> => {
    await tabTo(page, target, { most: 120 });
    await page.keyboard.press(key);
  };
  const fits = async (what: string): Promise<void> => {
    await isAccessible(page, what);
    expect.soft(await sideways(page), `${what} does not scroll sideways`).toBeLessThanOrEqual(0);
  };
  await press(page.getByRole("button", { name: s("queue.new") }));
  const form = page.getByRole("dialog", { name: s("queue.new") });
  await tabTo(
    page,
    form.getByRole("textbox", {
      name: t.console("kit.lang.of", { label: s("field.queue_name"), language: t.console("kit.lang.zh") }),
    }),
  );
  await page.keyboard.type("账单");
  await tabTo(
    page,
    form.getByRole("textbox", {
      name: t.console("kit.lang.of", { label: s("field.queue_name"), language: t.console("kit.lang.en") }),
    }),
  );
  await page.keyboard.type("Bills");
  await press(form.getByRole("button", { name: s("queue.these") }));
  await press(form.getByRole("checkbox", { name: /周敏/ }), "Space");
  await fits("the form of a queue");
  await press(form.getByRole("button", { name: t.console("kit.save") }));
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const row = page.getByRole("listitem", { name: t.pick("账单", "Bills") });
  await expect(row.getByText(/周敏/)).toBeVisible();
  await fits("the queues");

  const acts = t.console("shell.acts.of", { name: t.pick("账单", "Bills") });
  await press(row.getByRole("button", { name: acts }));
  await press(page.getByRole("dialog", { name: acts }).getByRole("button", { name: s("edit"), exact: true }));
  await press(page.getByRole("dialog").getByRole("checkbox", { name: /周敏/ }), "Space");
  await press(page.getByRole("dialog").getByRole("button", { name: t.console("kit.save") }));
  await expect(page.getByRole("alert")).toHaveText(s("unattended", { names: t.pick("账单", "Bills") }));
  await press(page.getByRole("button", { name: s("unattended.save") }));
  await expect(row.getByText(s("queue.nobody"))).toBeVisible();
});

for (const [path, lang] of [
  ["/console/settings/people", "zh-CN"],
  ["/console/settings/groups", "en"],
  ["/console/settings/queues", "zh-CN"],
  ["/console/settings/company", "en"],
  ["/console/settings/sites", "zh-CN"],
  ["/console/inbox/queues", "en"],
  ["/console/inbox/feedback", "zh-CN"],
] as const) {
  readOnly(
    `${path} has no fault axe knows, loading and loaded, light and dark, wide and narrow`,
    { tag: `@${lang}` },
    async ({ people, t }) => {
      const { page } = await people.staff("administrator");
      const loading = t.console(path.includes("settings") ? "shell.loading" : "queues.loading");
      const look = async (what: string): Promise<void> => {
        await isAccessible(page, `${path} ${what}`);
        expect.soft(await sideways(page), `${path} ${what} does not scroll sideways`).toBeLessThanOrEqual(0);
      };
      for (const [width, scheme] of [
        [1440, "light"],
        [390, "dark"],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme: scheme });
        // Requests of the page are held until the page has been checked without their data.
        const held: (() => void)[] = [];
        let holds = true;
        await page.route(/\/api\/v1\/(staff|groups|queues|company|feedback|colleagues)/, async (route) => {
          if (holds) await new Promise<void>((resolve) => held.push(resolve));
          await route.fallback();
        });
        await page.goto(path);
        await page.getByRole("heading", { level: 1 }).first().waitFor();
        await look(`while it loads, at ${String(width)}, ${scheme}`);
        holds = false;
        held.forEach((release) => release());
        await page.unroute(/\/api\/v1\/(staff|groups|queues|company|feedback|colleagues)/);
        await expect(page.getByRole("status", { name: loading })).toHaveCount(0);
        await look(`at ${String(width)}, ${scheme}`);
      }
    },
  );
}
