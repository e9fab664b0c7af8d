import { Desk } from "../support/desk";
import { OldProxy } from "../support/old-proxy";
import { expect, test } from "../support/test";

test("two tabs of a console share one connection; when the one that has it is closed, nothing is lost or doubled", {
  tag: ["@en", "@must"],
}, async ({ people, t }) => {
  const first = await people.agent();
  const { chat } = await people.customer();
  await chat.human.click();
  await expect(chat.joined(first.name)).toBeVisible();
  const second = new Desk(await first.page.context().newPage(), first.name, t);
  let connections = 0;
  second.page.on("websocket", () => connections++);
  await second.open();
  await first.openFirst();
  await second.openFirst();

  await test.step("what is said in one is in both, over the connection of the first", async () => {
    await chat.say("the first question");
    await expect(first.said("the first question")).toBeVisible();
    await expect(second.said("the first question")).toBeVisible();
    await second.say("an answer from the second tab");
    await expect(chat.agent("an answer from the second tab")).toBeVisible();
    await expect(first.said("an answer from the second tab")).toBeVisible();
    expect(connections).toBe(0);
  });

  await test.step("what is being written in one is in both, and is sent once", async () => {
    await first.composer.fill("begun in the first tab");
    await expect(second.composer).toHaveValue("begun in the first tab");
    await second.composer.press("Enter");
    await expect(chat.agent("begun in the first tab")).toHaveCount(1);
    await expect(first.composer).toHaveValue("");
    await expect(first.said("begun in the first tab")).toHaveCount(1);
  });

  await test.step("the first is closed in the middle of a send", async () => {
    await second.composer.fill("sent as the other tab closed");
    await Promise.all([second.composer.press("Enter"), first.page.close()]);
    await chat.say("the second question");
    await expect(second.said("the second question")).toBeVisible();
    await expect(chat.agent("sent as the other tab closed")).toHaveCount(1);
    expect(connections).toBe(1);
    await second.page.reload();
    await expect(second.said("sent as the other tab closed")).toHaveCount(1);
    await expect(second.saidByCustomer).toHaveText(["the first question", "the second question"]);
  });
});

test("tabs behind a proxy without WebSocket share the polls of one of them", { tag: "@zh-CN" }, async ({
  people,
  server,
  t,
}) => {
  const proxy = await OldProxy.start(server.port, "refused");
  try {
    const first = await people.agent("available", 0, proxy.url);
    const { chat } = await people.customer();
    await chat.human.click();
    await expect(chat.joined(first.name)).toBeVisible();
    const second = new Desk(await first.page.context().newPage(), first.name, t);
    let polls = 0;
    second.page.on("request", (request) => (polls += Number(request.url().includes("/rt/"))));
    await second.open();
    await second.openFirst();
    await second.say("from the second tab");
    await expect(chat.agent("from the second tab")).toBeVisible();
    await chat.say("one", "two");
    await expect(second.saidByCustomer).toHaveText(["one", "two"]);
    expect(polls).toBe(0);
    await first.page.close();
    await second.say("on its own");
    await chat.say("three");
    await expect(chat.agent("on its own")).toHaveCount(1);
    await expect(second.saidByCustomer).toHaveText(["one", "two", "three"]);
    expect(polls).toBeGreaterThan(0);
  } finally {
    await proxy.stop();
  }
});

test("signing out in one tab ends the other, whichever has the connection", { tag: "@zh-CN" }, async ({
  people,
  t,
}) => {
  const first = await people.agent("offline");
  const second = new Desk(await first.page.context().newPage(), first.name, t);
  await second.open();
  await first.page.bringToFront();
  await first.page.getByRole("button", { name: t.console("shell.avatar.open", { name: first.name }) }).click();
  await first.page.getByRole("button", { name: t.console("shell.avatar.sign_out") }).click();
  await expect(first.page).toHaveURL(/\/console\/sign-in/);
  await expect(second.page).toHaveURL(/\/console\/sign-in/);
});
