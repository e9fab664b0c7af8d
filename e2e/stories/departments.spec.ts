import type { Locator } from "@playwright/test";
import { isAccessible } from "../support/axe";
import { expect, test } from "../support/test";

test("departments make a tree with a group in it; three people are invited into it from a list, and found by department", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const { page } = await people.staff("administrator");
  const dialog = page.getByRole("dialog");
  const save = () => dialog.getByRole("button", { name: t.console("kit.save") }).click();
  const item = (path: string): Locator => page.getByRole("listitem", { name: path, exact: true });

  await test.step("a department, and one below it", async () => {
    await page.goto("/console/settings/departments");
    await page
      .getByRole("button", { name: s("department.new") })
      .first()
      .click();
    await dialog.getByRole("textbox", { name: s("field.department_name") }).fill("客户服务部");
    await save();
    await item("客户服务部")
      .getByRole("button", { name: s("department.new_below", { name: "客户服务部" }) })
      .click();
    await dialog.getByRole("textbox", { name: s("field.department_name") }).fill("投诉处");
    await save();
    await expect(item("客户服务部 / 投诉处")).toBeVisible();
    const start = async (path: string): Promise<number> => (await item(path).locator("b").boundingBox())?.x ?? 0;
    expect(await start("客户服务部 / 投诉处"), "further in").toBeGreaterThan(await start("客户服务部"));
    await isAccessible(page, "the departments");
  });

  await test.step("a group is put into the lower one", async () => {
    await page.goto("/console/settings/groups");
    await page
      .getByRole("button", { name: s("group.new") })
      .first()
      .click();
    await dialog.getByRole("textbox", { name: s("field.group_name") }).fill("投诉一组");
    await dialog.getByRole("combobox", { name: s("field.department") }).selectOption({ label: "客户服务部 / 投诉处" });
    await save();
    await expect(item("投诉一组").getByText("客户服务部 / 投诉处")).toBeVisible();
  });

  await test.step("a list is read first: a line that is wrong says why, the other three are invited", async () => {
    await page.goto("/console/settings/people");
    await page.getByRole("button", { name: s("many"), exact: true }).click();
    await dialog
      .getByRole("textbox", { name: s("many.list") })
      .fill(
        [
          "林夏 <linxia@linkong.example>",
          "丁宁 <dingning@linkong.example>",
          "没有邮箱",
          "何夕 <hexi@linkong.example>",
        ].join("\n"),
      );
    await dialog.getByRole("button", { name: s("many.read") }).click();
    await expect(dialog.getByText(s("many.sum", { count: 3, left: 1 }))).toBeVisible();
    const bad = dialog.getByRole("row").filter({ hasText: s("many.bad") });
    await expect(
      bad.getByText(t.like(s("many.fault", { field: s("field.email"), why: s("many.invalid") }))),
    ).toBeVisible();
    const desktop = page.viewportSize();
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(bad.getByText(s("many.bad")), "it is read on a phone without scrolling sideways").toBeInViewport({
      ratio: 1,
    });
    await page.setViewportSize(desktop ?? { width: 1440, height: 900 });
    await isAccessible(page, "the preview of invitations");
    await dialog.getByRole("combobox", { name: s("field.group") }).selectOption({ label: "投诉一组" });
    await dialog.getByRole("button", { name: s("many.send", { count: 3 }) }).click();
    await expect(dialog.getByText(s("many.done", { count: 3, left: 0 }))).toBeVisible();
    await dialog
      .getByRole("button", { name: s("close"), exact: true })
      .last()
      .click();
  });

  await test.step("the upper department finds those below it", async () => {
    await page.getByRole("combobox", { name: s("field.department") }).selectOption({ label: "客户服务部" });
    const found = page.getByRole("table", { name: s("side.people") }).getByRole("row");
    await expect(found).toHaveCount(4);
    for (const name of ["林夏", "丁宁", "何夕"]) await expect(found.filter({ hasText: name })).toHaveCount(1);
  });
});
