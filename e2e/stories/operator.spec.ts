import { atTerminal } from "../support/server";
import { expect, test } from "../support/test";

test("the operator suspends a company, has it served again, and limits the sites of another", {
  tag: ["@en", "@must"],
}, async ({ people, server, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`operator.${key}`, values);
  const page = await (await people.context("operator")).newPage();
  const ofMuyu = async (): Promise<number> => (await page.request.get("/o/muyu/api/v1/hall")).status();

  await test.step("they sign in with a link made at the terminal", async () => {
    const link = await atTerminal(server, "operator", "sign-in-link");
    // The link names the installation's public address; here it is served at another one.
    await page.goto(`/operator${new URL(link).hash}`);
    await page.getByRole("button", { name: s("enter"), exact: true }).click();
    await expect(page.getByRole("region", { name: s("health") })).toBeVisible();
    expect(new URL(page.url()).hash).toBe("");
  });
  const muyu = page.getByRole("row").filter({ hasText: "muyu" });
  await test.step("they find a company and suspend it: nobody is served there", async () => {
    await page.getByRole("searchbox", { name: s("search") }).fill("muyu");
    await expect(page.getByRole("row")).toHaveCount(2);
    expect(await ofMuyu()).toBe(200);
    await muyu.getByRole("button").last().click();
    await page.getByRole("button", { name: s("suspend"), exact: true }).click();
    await page.getByRole("button", { name: s("suspend"), exact: true }).click();
    await expect(muyu.getByText(s("suspended"), { exact: true })).toBeVisible();
    await expect.poll(ofMuyu).toBe(403);
  });
  await test.step("they undo that", async () => {
    await page.getByRole("button", { name: t.console("shell.undo") }).click();
    await expect(muyu.getByText(s("suspended"), { exact: true })).toBeHidden();
    await expect.poll(ofMuyu).toBe(200);
  });
  await test.step("they limit the sites of the company at the root, and its administrator sees it", async () => {
    await page.getByRole("searchbox", { name: s("search") }).fill("");
    const root = page.getByRole("row").filter({ hasNotText: "muyu" }).nth(1);
    await root.getByRole("button").last().click();
    await page.getByRole("button", { name: s("limits"), exact: true }).click();
    await page.getByRole("dialog").getByLabel(s("limits.sites"), { exact: true }).fill("1");
    await page.getByRole("button", { name: t.console("kit.save"), exact: true }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
    const { page: settings } = await people.staff("administrator");
    await settings.goto("/console/settings/company");
    await expect(settings.getByText(t.console("settings.use.warning"))).toBeVisible();
  });
  await test.step("whatever a company calls itself is text", async () => {
    const name = "<img src=x onerror=alert(1)> & Sons";
    await atTerminal(server, "company", "add", "--name", name, "--slug", "sons");
    await page.reload();
    await page.getByRole("searchbox", { name: s("search") }).fill("sons");
    await expect(page.getByRole("row").filter({ hasText: name })).toBeVisible();
  });
});
