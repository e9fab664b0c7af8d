// The SDK at a running server: CHAT_URL, and CHAT_TOKEN with the permissions desk and integrations.
import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import test from "node:test";
import { Refused, Yingda } from "@yingda/sdk";

const { CHAT_URL: url, CHAT_TOKEN: token } = process.env;

test("a program answers a customer, and both listen", async () => {
  const program = new Yingda({ url, token });
  const me = await program.call("GET", "/me");
  assert.equal(me.name, "SDK test");
  const chat = await program.chat("main");
  await chat.send("Where is my parcel?");
  await chat.send({ type: "request_human", via: "button" });
  const texts = [];
  for await (const { kind, body } of program.read(chat.conversation)) if (kind === "message") texts.push(body.text);
  assert.equal(texts[0], "Where is my parcel?");
  await program.send(chat.conversation, { type: "take" });
  await program.send(chat.conversation, { type: "text", text: "It left today" });
  const seen = [];
  for await (const entry of chat.entries()) {
    seen.push(entry.seq);
    if (entry.kind === "message" && entry.body.text === "It left today") break;
  }
  assert.deepEqual(
    seen,
    [...seen.keys()].map((n) => n + 1),
  );
  const { agent } = await program.call("GET", "/conversations/{id}", { path: { id: chat.conversation } });
  assert.equal(agent.name, "SDK test");
  for await (const event of program.events({ bodies: true })) if (event.conversation === chat.conversation) break;
});

test("a refusal has its code, and nothing is repeated", async () => {
  const program = new Yingda({ url, token });
  await assert.rejects(
    program.call("GET", "/company"),
    (error) => error instanceof Refused && error.code === "not_permitted",
  );
  const stranger = new Yingda({ url, token: "ydt_nonsense" });
  await assert.rejects(stranger.call("GET", "/me"), (error) => error.code === "token_unknown" && error.status === 401);
  const listening = stranger.listen({})[Symbol.asyncIterator]().next();
  await assert.rejects(listening, (error) => error.code === "token_unknown");
});

test("what had no answer is repeated with the same key", async () => {
  const keys = [];
  // Breaks the first connection, says it is busy to the second request, and passes the others on.
  const proxy = createServer((asked, answer) => {
    keys.push(asked.headers["idempotency-key"]);
    if (keys.length === 1) return void asked.socket.destroy();
    if (keys.length === 2)
      return void answer.writeHead(503, { "retry-after": new Date(Date.now() - 5_000).toUTCString() }).end("{}");
    const passed = request(new URL(asked.url, url), { method: asked.method, headers: asked.headers }, (told) => {
      answer.writeHead(told.statusCode, told.headers);
      told.pipe(answer);
    });
    asked.pipe(passed);
  });
  await new Promise((done) => proxy.listen(0, "127.0.0.1", done));
  const program = new Yingda({ url: `http://127.0.0.1:${proxy.address().port}`, token });
  const body = { shortcode: `sdk-${process.pid}`, title: "SDK", body: { zh: "", en: "hello" } };
  const made = await program.call("POST", "/canned-replies", { body });
  assert.ok(made.id.startsWith("crp_"));
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
  proxy.close();
  proxy.closeAllConnections();
});
