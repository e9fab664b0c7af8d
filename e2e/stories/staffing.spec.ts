import { Api, ask } from "../support/api";
import { Desk } from "../support/desk";
import { password } from "../support/server";
import { expect, test } from "../support/test";

const week = (intervals: { from: string; to: string }[]): Record<string, unknown> =>
  Object.fromEntries(["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, intervals]));

interface Queues {
  items: { id: string; updated_at: number; name: { en: string } }[];
}

test("an administrator invites an agent, who serves; disabled, the conversation goes back at its age and the agent is out", {
  tag: ["@en", "@must"],
}, async ({ people, server, t }) => {
  const s = (key: string, values: Record<string, string | number> = {}): string => t.console(`settings.${key}`, values);
  const name = "林夏";
  const { page: admin } = await people.staff("administrator");
  await admin.goto("/console/inbox");
  await admin
    .getByRole("navigation", { name: t.console("shell.rail.label") })
    .first()
    .getByRole("link", { name: t.console("areas.area.settings") })
    .click();

  const link = await test.step("the invitation is a link that is shown once", async () => {
    await admin.getByRole("button", { name: s("person.invite"), exact: true }).click();
    const form = admin.getByRole("dialog", { name: s("person.invite") });
    await form.getByRole("textbox", { name: s("field.email") }).fill("nobody");
    await form.getByRole("textbox", { name: s("field.name") }).fill(name);
    await form.getByRole("button", { name: s("person.make_link") }).click();
    await expect(form.getByText(s("fault.email"))).toBeVisible();
    await form.getByRole("textbox", { name: s("field.email") }).fill("heyu@linkong.example");
    await form.getByRole("button", { name: s("person.make_link") }).click();
    await expect(form.getByText(t.console("problem.code.email_taken"))).toBeVisible();
    await form.getByRole("textbox", { name: s("field.email") }).fill("linxia@linkong.example");
    await form.getByRole("button", { name: s("person.make_link") }).click();
    const shown = admin.getByRole("dialog", { name: s("link.title", { name }) });
    const url = await shown.getByRole("textbox", { name: s("link") }).inputValue();
    await shown.getByRole("button", { name: t.console("kit.done") }).click();
    await expect(
      admin.getByRole("row", { name: new RegExp(name) }).getByText(s("status.invited"), { exact: true }),
    ).toBeVisible();
    return url.replace(/^http:\/\/[^/]+/, server.url);
  });

  const agent = await (await people.context("the new agent")).newPage();
  await agent.goto(link);
  await agent.getByLabel(t.console("signin.welcome.new_password")).fill(password);
  await agent.getByRole("button", { name: t.console("signin.welcome.set_and_enter") }).click();
  const desk = new Desk(agent, name, t);
  await desk.state.waitFor();
  await desk.become("available");
  await people.available(1);

  const { chat } = await people.customer();
  await test.step("the new agent serves", async () => {
    await chat.say(t.pick("你好", "hello"));
    await chat.human.click();
    await expect(chat.joined(name)).toBeVisible();
    await desk.openFirst();
    await desk.say(t.pick("我是林夏，请讲", "Lin Xia here"));
    await expect(chat.agent(t.pick("我是林夏，请讲", "Lin Xia here"))).toBeVisible();
  });

  await test.step("disabled: out within a moment, and who was served waits again, at the old age", async () => {
    const before = (await ask<{ items: { queued_at: number }[] }>(agent, "GET", "/conversations?list=mine")).items[0]
      ?.queued_at;
    await admin.reload();
    const row = admin.getByRole("row", { name: new RegExp(name) });
    await row.getByRole("button", { name: s("person.disable") }).click();
    const sure = admin.getByRole("dialog", { name: s("person.disable.ask", { name }) });
    await expect(sure.getByText(s("work.active", { count: 1 }))).toBeVisible();
    await sure.getByRole("button", { name: s("person.disable"), exact: true }).click();
    await expect(agent.getByRole("heading", { name: t.console("signin.title") })).toBeVisible();
    await expect(row.getByText(s("status.disabled"), { exact: true })).toBeVisible();
    const waiting = async () => {
      const list = await ask<{ items: { queued_at: number }[] }>(admin, "GET", "/conversations?list=queue");
      return list.items.map((one) => one.queued_at);
    };
    await expect.poll(waiting).toEqual([before]);
    await agent.goto("/console/sign-in");
    await agent.getByRole("textbox", { name: t.console("signin.email") }).fill("linxia@linkong.example");
    await agent.getByLabel(t.console("signin.password"), { exact: true }).fill(password);
    await agent.getByRole("button", { name: t.console("signin.submit") }).click();
    await expect(agent.getByRole("alert")).toHaveText(t.console("failure.code.sign_in_failed"));
  });

  await test.step("the queue's page shows who waits, and the administrator takes it", async () => {
    await admin
      .getByRole("navigation", { name: t.console("shell.rail.label") })
      .first()
      .getByRole("link", { name: t.console("areas.area.inbox") })
      .click();
    await admin
      .getByRole("navigation", { name: t.console("areas.area.inbox") })
      .getByRole("link", { name: t.console("areas.page.queues") })
      .click();
    const row = admin.getByRole("list", { name: t.console("queues.tab.waiting") }).getByRole("listitem");
    await expect(row).toHaveCount(1);
    await row.getByRole("button", { name: t.console("queues.take") }).click();
    await expect(chat.joined("顾川")).toBeVisible();
  });
});

test("closed hours: the customer leaves a message, an agent answers it, and the answer is found on return", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, server, t }) => {
  const q = (key: string, values: Record<string, string | number> = {}): string => t.console(`queues.${key}`, values);
  const words = t.pick("家里断网了，明天能来修吗", "The line is down, can somebody come tomorrow?");
  const reply = t.pick("已经安排师傅明早九点上门", "An engineer comes at nine tomorrow");
  const { page: manager } = await people.staff("manager");
  await manager.goto("/console/inbox/queues");
  await manager.getByRole("heading", { name: q("title") }).waitFor();
  const queue = (await ask<Queues>(manager, "GET", "/queues")).items.find((one) => one.name.en === "General");
  await ask(manager, "PATCH", `/queues/${queue?.id ?? ""}`, {
    hours: { week: week([]), days: [], answer_within_h: 2 },
    seen: queue?.updated_at,
  });

  // The customer uses the protocol directly, which is the same for every client.
  const customer = await (await people.context("customer")).newPage();
  await customer.goto("/");
  const session = await ask<{ token: string; device: string }>(customer, "POST", "/widget/sessions", {
    site: "demo",
    lang: t.lang,
  });
  const conversation = `cnv_${crypto.randomUUID().replaceAll("-", "")}`;
  const api = new Api(server);
  const send = (body: Record<string, unknown>): Promise<{ t: string; code?: string }> =>
    api.frame(conversation, body, { token: session.token, open: { lang: t.lang } });

  await test.step("nobody can be asked for; a message can be left", async () => {
    const site = (await (await fetch(`${server.url}/api/v1/sites/demo`)).json()) as { service: { open: boolean } };
    expect(site.service.open).toBe(false);
    expect((await send({ type: "text", text: t.pick("你好", "hello") })).t).toBe("ok");
    expect(await send({ type: "request_human", via: "button" })).toMatchObject({ t: "no", code: "closed" });
    expect((await send({ type: "leave_message", text: words, contact: "138 0000 0000" })).t).toBe("ok");
  });

  const agent = await people.agent("offline");
  await test.step("the agent finds it in the feedback, says that they take care of it, and answers", async () => {
    const inbox = agent.page.getByRole("navigation", { name: t.console("areas.area.inbox") });
    await inbox.getByRole("link", { name: t.console("areas.page.feedback") }).click();
    await expect(inbox.getByText(q("closed"), { exact: true }).first()).toBeVisible();
    const card = agent.page.getByRole("listitem").filter({ hasText: words });
    await expect(card.getByText(/138 0000 0000/)).toBeVisible();
    await card.getByRole("button", { name: q("left.mine") }).click();
    await expect(card.getByText(q("left.owner", { name: agent.name }))).toBeVisible();
    await card.getByRole("button", { name: q("left.answer"), exact: true }).click();
    await card.getByRole("textbox").fill(reply);
    await card.getByRole("button", { name: q("send"), exact: true }).click();
    await expect(card).toHaveCount(0);
    await agent.page.getByRole("button", { name: q("left.done"), exact: true }).click();
    await expect(agent.page.getByRole("listitem").filter({ hasText: words })).toBeVisible();
  });

  await test.step("whoever comes back finds the answer in the conversation, unread", async () => {
    const back = await ask<{ token: string; conversation: string }>(customer, "POST", "/widget/sessions", {
      site: "demo",
      device: session.device,
      lang: t.lang,
    });
    expect(back.conversation).toBe(conversation);
    const answer = await fetch(`${server.url}/rt/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ version: 1, token: back.token, cursors: { [conversation]: null } }),
    });
    const frames = (await answer.text())
      .trim()
      .split("\n")
      .map(
        (line) =>
          JSON.parse(line) as {
            t: string;
            entries?: { kind: string; body?: { text?: string } }[];
            marks?: { customer?: { read: number } };
          },
      );
    const reset = frames.find((frame) => frame.t === "reset");
    expect(reset?.entries?.at(-1)).toMatchObject({ kind: "message", body: { text: reply } });
    expect(reset?.marks?.customer?.read).toBe(0);
  });
});
