// Has a short conversation on a demo that was just started, and prints what a later version has to read of it: fixtures.mjs URL DATA_FOLDER
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const [base, data] = process.argv.slice(2);
const PASSWORD = "a password of the release";
const PATIENCE = 60_000;

/** A client that keeps the cookie or the token it was given. */
function client(who = {}) {
  const call = async (method, path, body, type = "application/json") => {
    const headers = { origin: base, "content-type": type };
    if (who.cookie) headers.cookie = who.cookie;
    if (who.token) headers.authorization = `Bearer ${who.token}`;
    const sent = type === "application/json" && body !== undefined ? JSON.stringify(body) : body;
    const answer = await fetch(`${base}/api/v1${path}`, { method, headers, body: sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const cookie = answer.headers.get("set-cookie")?.split(";")[0];
    if (cookie) who.cookie = cookie;
    return text ? JSON.parse(text) : null;
  };
  /** Sends bodies into a conversation, and repeats what a busy server puts off. */
  const send = async (conversation, ...bodies) => {
    for (const [n, body] of bodies.entries()) {
      const frame = { t: "send", conversation, client_id: randomUUID(), body };
      if (n === 0 && who.token) frame.open = { lang: "zh-CN", page: { title: "Shop", url: "https://shop.example/" } };
      await eventually(`an answer to ${JSON.stringify(body)}`, async () => {
        const answer = await fetch(`${base}/rt/send`, {
          method: "POST",
          headers: { origin: base, "content-type": "application/json", ...(who.cookie && { cookie: who.cookie }) },
          body: JSON.stringify({ frames: [frame], ...(who.token && { token: who.token }) }),
        });
        const [told] = (await answer.json()).frames ?? [];
        if (told?.t === "no") throw new Error(JSON.stringify(told));
        return told?.t === "ok" && told;
      });
    }
  };
  return { call, send };
}

async function eventually(what, find) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((after) => setTimeout(after, 200))) {
    const found = await find();
    if (found) return found;
  }
  throw new Error(`there never was ${what}`);
}

/** A member of staff who chooses a password with the one-time link. */
async function staff(role) {
  const link = readFileSync(`${data}/first-sign-in.txt`, "utf8").match(new RegExp(`^${role} .*#(\\S+)`, "m"))[1];
  const member = client();
  await member.call("POST", "/auth/links/redeem", { token: link, password: PASSWORD });
  return { ...member, email: (await member.call("GET", "/me")).email };
}

/** Registers a customer with the code from the letter in the outbox. */
async function register(identifier) {
  const { puzzle, bits } = await client().call("GET", "/customer/puzzle");
  let solution = 0;
  while (createHash("sha256").update(`${puzzle}.${solution}`).digest().readBigUInt64BE() >> BigInt(64 - bits) !== 0n)
    solution++;
  const asked = {
    site: "demo",
    identifier,
    password: PASSWORD,
    lang: "en",
    proof: { puzzle, solution: `${solution}` },
  };
  const { handle } = await client().call("POST", "/customer/registrations", asked);
  const code = await eventually("a letter", () => {
    const letters = existsSync(`${data}/outbox`) ? readdirSync(`${data}/outbox`) : [];
    return letters.map((name) => readFileSync(`${data}/outbox/${name}`, "utf8").match(/\b\d{6}\b/)?.[0]).find(Boolean);
  });
  const customer = client();
  await customer.call("POST", "/customer/registrations/confirm", { handle, code });
  return customer;
}

const [manager, agent] = [await staff("manager"), await staff("agent")];
const identifier = "customer@example.com";
const customer = await register(identifier);
const { ticket } = await customer.call("POST", "/customer/widget-ticket");
const session = await client().call("POST", "/widget/sessions", { site: "demo", device: null, lang: "zh-CN", ticket });
const visitor = client({ token: session.token });
const conversation = `cnv_${randomUUID().replaceAll("-", "")}`;
const file = await visitor.call("POST", "/widget/files?name=bill.txt", "what I was charged", "text/plain");

const said = async () => (await customer.call("GET", `/customer/conversations/${conversation}`)).items;
await visitor.send(conversation, { type: "text", text: "怎么查账单？" });
await eventually("the bot's answer", async () => (await said()).some((entry) => entry.by.kind === "bot"));
await visitor.send(conversation, { type: "request_human", via: "button" });
await agent.send(conversation, { type: "take" });
await visitor.send(conversation, { type: "file", file: file.id }, { type: "text", text: "🙂 这一笔是什么？" });
await agent.send(
  conversation,
  { type: "note", text: "is new here" },
  { type: "text", text: "我来看看。" },
  { type: "resolve" },
);
await visitor.send(conversation, { type: "rate", score: 5, comment: "谢谢" });

// Numbers are complete when they have the rating.
await eventually("the rating in the numbers", async () => {
  const { items } = await manager.call("GET", "/panel/rating_good/conversations?window=today");
  return items.some((item) => item.conversation.id === conversation);
});
const { today } = await manager.call("GET", "/panel");
const { items } = await manager.call("GET", "/metrics?days=7");
const days = Object.fromEntries(items.map(({ key, series }) => [key, series[0].points.map((point) => point.value)]));
const read = {
  said: await said(),
  conversation: await manager.call("GET", `/conversations/${conversation}`),
  left: await manager.call("GET", "/left-messages?done=true"),
  today,
  days,
};
console.log(
  JSON.stringify(
    {
      made_at: Date.now(),
      password: PASSWORD,
      staff: [manager.email, agent.email],
      customer: identifier,
      conversation,
      file: file.id,
      read,
    },
    null,
    1,
  ),
);
