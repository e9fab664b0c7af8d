import { BEST_SCORE } from "../../web/api/src/rating.ts";
import { demo } from "../support/demo";
import { OldProxy } from "../support/old-proxy";
import { expect, test as base } from "../support/test";

const test = base.extend<{ refusing: OldProxy; withholding: OldProxy }>({
  refusing: async ({ server }, use) => {
    const proxy = await OldProxy.start(server.port, "refused");
    await use(proxy);
    await proxy.stop();
  },
  withholding: async ({ server }, use) => {
    const proxy = await OldProxy.start(server.port, "withheld");
    await use(proxy);
    await proxy.stop();
  },
});

test("behind proxies without WebSocket and without streams the whole flow works on long polls", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, refusing, withholding, t }) => {
  const { attribute } = demo(t);
  const desk = await people.agent("available", 0, refusing.url);
  const { chat } = await people.customer(withholding.url);

  await chat.say(attribute.question);
  await chat.human.click();
  // a stream that is withheld is given up permanently after some seconds
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await expect(desk.said(attribute.question).first()).toBeVisible();

  await desk.say("hello over polls");
  await expect(chat.agent("hello over polls")).toBeVisible();
  await chat.say("one", "two", "three");
  await expect(desk.saidByCustomer).toHaveText([attribute.question, "one", "two", "three"]);
  // a frame that is not an entry and falls between two polls arrives at the end of the next one, after 25 s at the latest
  await expect(chat.tick("three")).toHaveText(t.widget("tick.read"));

  await desk.resolve("customer");
  await chat.fillRating(4, "fine");
  await chat.sendRating.click();
  await expect(chat.rated(4)).toBeVisible();
  await desk.show("resolved");
  await desk.rows.first().click();
  await expect(desk.log.getByText(t.console("desk.system.rated", { score: 4, best: BEST_SCORE }))).toBeVisible();

  for (const proxy of [refusing, withholding]) {
    expect(proxy.counts.upgrades, "WebSocket was tried").toBeGreaterThan(0);
    expect(proxy.counts.streams, "streams were tried").toBeGreaterThan(0);
    expect(proxy.counts.polls, "long polls carried it").toBeGreaterThan(0);
  }
});

test("what was written while nothing passed survives a reload and is sent once", { tag: "@en" }, async ({
  people,
  server,
  refusing,
  t,
}) => {
  const desk = await people.agent();
  const { page, chat } = await people.customer(refusing.url);
  await chat.human.click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  refusing.realTimeDown = true;
  await chat.say("kept one", "kept two");
  await expect(chat.banner).toBeVisible();
  await page.reload();
  await expect(chat.said).toHaveText(["kept one", "kept two"]);
  refusing.realTimeDown = false;
  await expect(desk.saidByCustomer).toHaveText(["kept one", "kept two"]);
  await expect(chat.tick("kept two")).toHaveText(t.widget("tick.read"));
  await expect(chat.said).toHaveText(["kept one", "kept two"]);
  expect(server.log).not.toContain("ERROR");
});
