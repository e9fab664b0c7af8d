import { expect, test } from "../support/test";

test("a caller is added, found by the end of the number, kept, asked about before a second one has it, merged and separated", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, t }) => {
  const c = (key: string, values: Record<string, string | number> = {}): string =>
    t.console(`customers.${key}`, values);
  const { page } = await people.staff("agent");
  await page.goto("/console/inbox");
  await page.getByRole("link", { name: t.console("areas.area.customers"), exact: true }).click();
  await page.getByRole("button", { name: c("new"), exact: true }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel(c("field.name"), { exact: true }).fill("欧阳静怡");
  await form.getByLabel(c("field.mobile"), { exact: true }).fill("199 1234 7316");
  await form.getByLabel(c("field.note"), { exact: true }).fill("晚上八点后联系 <b>");
  await form.getByRole("button", { name: t.console("kit.save"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "欧阳静怡" })).toBeVisible();
  await expect(page.getByText("晚上八点后联系 <b>", { exact: true })).toBeVisible();
  await expect(page.getByText("199****7316", { exact: true })).toBeVisible();

  await page.getByRole("link", { name: c("back"), exact: true }).click();
  await page.getByRole("searchbox", { name: c("search") }).fill("7316");
  await page.getByRole("rowheader", { name: "欧阳静怡" }).getByRole("link").click();
  await expect(page.getByRole("list", { name: c("timeline") }).getByRole("listitem")).toContainText([c("kind.added")]);
  await page.getByRole("button", { name: c("edit"), exact: true }).click();
  await form.getByLabel(c("field.name"), { exact: true }).fill("欧阳静宜");
  await form.getByRole("button", { name: t.console("kit.save"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "欧阳静宜" })).toBeVisible();

  await page.getByRole("link", { name: c("back"), exact: true }).click();
  await page.getByRole("button", { name: c("new"), exact: true }).click();
  await form.getByLabel(c("field.mobile"), { exact: true }).fill("19912347316");
  await form.getByRole("button", { name: t.console("kit.save"), exact: true }).click();
  await expect(form.getByText(c("known.mobile"))).toBeVisible();
  await form.getByRole("button", { name: c("known.save"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "199****7316" })).toBeVisible();

  await page.getByRole("button", { name: c("merge.open"), exact: true }).click();
  await form.getByRole("searchbox", { name: c("search") }).fill("静宜");
  await form
    .getByRole("list", { name: c("title") })
    .getByRole("button", { name: /欧阳静宜/ })
    .click();
  await form.getByRole("button", { name: c("merge.act"), exact: true }).click();
  const merged = page.getByRole("list", { name: c("merged") }).getByRole("listitem");
  await expect(merged).toContainText("欧阳静宜");
  const events = page.getByRole("list", { name: c("timeline") }).getByRole("listitem");
  await expect(events).toHaveCount(2);
  await merged.getByRole("button", { name: c("merged.undo.one", { name: "欧阳静宜" }) }).click();
  await expect(merged).toHaveCount(0);
  await expect(events).toHaveCount(1);
});
