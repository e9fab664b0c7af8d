import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { HostSite } from "../support/host";
import { expect, test as base } from "../support/test";

const test = base.extend<{ host: HostSite }>({
  host: async ({ server }, use) => {
    const host = await HostSite.start(server.url);
    await use(host);
    await host.stop();
  },
});

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString("base64url");
/** A token as a shop's own server signs it. */
function sign(kid: string, secret: string, claims: object): string {
  const exp = Math.floor(Date.now() / 1000) + 300;
  const signed = `${part({ alg: "HS256", typ: "JWT", kid })}.${part({ aud: "demo", exp, jti: randomUUID(), ...claims })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

test("a shop's page signs its customer in, and the desk shows who it is; the site's page shows that the snippet is there", {
  tag: ["@en", "@must"],
}, async ({ people, host, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const { page: admin } = await people.staff("administrator");
  await admin.goto("/console/settings/sites");
  const site = admin.getByRole("list", { name: s("side.sites") }).getByRole("listitem");
  await expect(site.getByText(s("install.unseen"))).toBeVisible();

  const { kid, secret } = await test.step("a secret is shown once", async () => {
    await site.getByRole("button", { name: new RegExp(s("identity").replace("…", "")) }).click();
    const dialog = admin.getByRole("dialog");
    await dialog.getByRole("button", { name: s("identity.new") }).click();
    const shown = admin.getByRole("dialog").getByLabel(s("identity.new.label"), { exact: true });
    const secret = await shown.inputValue();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    await admin.getByRole("button", { name: t.console("kit.done") }).click();
    const kid = await admin.getByRole("dialog").getByRole("listitem").locator("code").innerText();
    await expect(admin.getByText(secret)).toHaveCount(0);
    return { kid, secret };
  });

  await test.step("a public key can be entered instead", async () => {
    const dialog = admin.getByRole("dialog");
    await dialog.getByRole("button", { name: s("identity.add") }).click();
    const key = dialog.getByRole("textbox", { name: s("identity.add.label") });
    const { publicKey } = generateKeyPairSync("ed25519");
    await key.fill("no key");
    await dialog.getByRole("button", { name: s("identity.add.act"), exact: true }).click();
    await expect(dialog.getByText(s("identity.add.wrong"))).toBeVisible();
    await key.fill(publicKey.export({ type: "spki", format: "pem" }).toString());
    await dialog.getByRole("button", { name: s("identity.add.act"), exact: true }).click();
    await expect(dialog.getByRole("listitem").filter({ hasText: "EdDSA" })).toBeVisible();
    await admin.keyboard.press("Escape");
  });

  const desk = await people.agent("available");
  const { page, chat } = await people.visitor(host.at("/plain"));
  await page.getByRole("button", { name: t.pick("问一问", "Ask us"), exact: true }).click();
  await chat.say("Where is my order?");
  await expect(chat.bot(/./).nth(1)).toBeVisible();

  await test.step("the site's page says live where the snippet was seen", async () => {
    await expect(site.getByText(s("install.seen"))).toBeVisible({ timeout: 15_000 });
    await expect(site.getByText(host.at("/plain"))).toBeVisible();
  });

  await test.step("the customer signs in in the shop, and what was said goes along", async () => {
    host.sign = () => sign(kid, secret, { sub: "shop-4711", name: "Li Lei", phone: "13800138000" });
    await page.goto(host.at("/signed"));
    // The chat that was open opens again by itself.
    await expect(chat.log.getByText("Where is my order?")).toBeVisible();
    await chat.human.click();
  });

  await desk.openFirst();
  await expect(desk.customer.getByText("Li Lei", { exact: true })).toBeVisible();
  await expect(desk.customer.getByText(t.console("desk.customer.signed"), { exact: true })).toBeVisible();
  await expect(desk.customer.getByText(/shop-4711/)).toBeVisible();
  await expect(desk.customer.getByText("138****8000")).toBeVisible();
  await expect(desk.log.getByText("Where is my order?")).toBeVisible();
});
