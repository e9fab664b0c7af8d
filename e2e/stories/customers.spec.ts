import { expect, test } from "../support/test";

test("a caller is added, found by the end of the number, kept, and asked about before a second one has the number", {
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
});
