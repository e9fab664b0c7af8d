import type { Chat } from "../support/chat";
import { demo } from "../support/demo";
import type { Panel } from "../support/panel";
import { expect, test } from "./cluster";

/** A customer asks once more; the tile has to count it. */
async function ask(chat: Chat, panel: Panel, question: string): Promise<string> {
  const before = await panel.value("dialogue");
  const since = Date.now();
  await chat.say(question);
  return panel.changed("dialogue", before + 1, since);
}

test("what a customer does arrives on the panel by way of Kafka and Flink, and each number opens its list", {
  tag: "@zh-CN",
}, async ({ people, t }) => {
  const { known, unknown } = demo(t);
  const panel = await people.manager();
  const before = await panel.values("session_created", "session_used", "dialogue", "no_answer");
  const { chat } = await people.customer();
  const since = Date.now();
  await chat.say(known.question);
  console.log(await panel.changed("session_created", before.session_created + 1, since));
  console.log(await panel.changed("session_used", before.session_used + 1, since));
  console.log(await panel.changed("dialogue", before.dialogue + 1, since));
  console.log(await ask(chat, panel, unknown));
  await expect(panel.tile("no_answer")).toHaveText(t.number(before.no_answer + 1));
  for (const [key, by] of [
    ["session_used", 1],
    ["dialogue", 2],
    ["no_answer", 1],
  ] as const) {
    const count = before[key] + by;
    expect(await panel.countBehind(key), key).toEqual({ count, rows: count });
  }
});

test("Kafka hangs, then a task manager is killed: the chat goes on, the panel tells its age, and everything is caught up with", {
  tag: "@zh-CN",
}, async ({ people, cluster, t }) => {
  const panel = await people.manager();
  const { chat } = await people.customer();
  const { known } = demo(t);
  console.log(await ask(chat, panel, known.question));
  const before = await panel.value("dialogue");

  await test.step("nothing of Kafka answers, and the customer notices nothing", async () => {
    cluster.freezeBroker();
    for (let n = 1; n <= 3; n++) {
      await chat.say(`${known.question} (${String(n)})`);
      await expect(chat.tick(`${known.question} (${String(n)})`)).toBeVisible();
    }
    await expect(panel.page.locator(".fresh-stopped")).toBeVisible({ timeout: 90_000 });
    expect(await panel.value("dialogue")).toBe(before);
  });

  await test.step("it answers again, and nothing is missing or doubled", async () => {
    const since = Date.now();
    cluster.wakeBroker();
    console.log(await panel.changed("dialogue", before + 3, since));
    await expect(panel.page.locator(".fresh-fresh")).toBeVisible();
  });

  await test.step("a task manager is killed while a customer asks", async () => {
    const since = Date.now();
    cluster.killTaskManager();
    await chat.say(`${known.question} (4)`);
    console.log(await panel.changed("dialogue", before + 4, since));
    await expect(panel.page.locator(".fresh-fresh")).toBeVisible();
    expect(await panel.countBehind("dialogue")).toEqual({ count: before + 4, rows: before + 4 });
  });
});
