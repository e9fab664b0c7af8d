// A whole client in one file, with nothing but fetch: it opens a conversation, says a line, and prints what it hears until the bot has answered.
//
//   node docs/examples/client.mjs http://127.0.0.1:8080 demo "How do I check my data usage?"
//
// It follows "What a client must do" in ../PROTOCOL.md. A product would use the WebSocket, keep what `state` holds in storage, and never give up.
import { randomUUID } from "node:crypto";

const [base, site, words] = process.argv.slice(2);
const post = (path, body, accept = "*/*") =>
  fetch(base + path, { method: "POST", headers: { "content-type": "application/json", accept }, body: JSON.stringify(body) });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Who we are: a visitor of the site. The token goes into frames, never into an address.
const session = await (await post("/api/v1/widget/sessions", { site, device: null, lang: "en" })).json();

// The client makes the ids. A send keeps its client_id for ever, so repeating it is safe.
const conversation = "cnv_" + randomUUID().replaceAll("-", "");
const state = { cursor: 0, generation: session.generation, entries: [] };
const outbox = [
  { t: "send", conversation, client_id: randomUUID(), body: { type: "text", text: words }, open: { lang: "en" } },
];

/** Repeats everything without an answer, oldest first, until all of it has one. */
async function flush() {
  for (let attempt = 0; outbox.length > 0; attempt += 1) {
    try {
      const answer = await post("/rt/send", { token: session.token, frames: outbox });
      for (const frame of (await answer.json()).frames ?? []) {
        const at = outbox.findIndex((send) => send.client_id === frame.client_id);
        if (at >= 0 && frame.t !== "busy") outbox.splice(at, 1);
        if (frame.t === "no") console.log("refused:", frame.code);
      }
    } catch {
      // Nobody knows whether it was stored: it is said again, under the same id.
    }
    if (outbox.length > 0) await pause(Math.random() * Math.min(30_000, 1000 * 2 ** attempt));
  }
}

/** Takes an entry only if it is the next one: smaller ones are repeats, larger ones mean that something is missing. */
function apply(entry) {
  if (entry.seq <= state.cursor) return;
  if (entry.seq > state.cursor + 1) throw new Error("a gap: say hello again with the cursor we have");
  state.cursor = entry.seq;
  state.entries.push(entry);
  if (entry.kind === "message") console.log(`${entry.by.kind}: ${entry.body.text}`);
}

/** Streams from the cursor on. Ends when the bot has answered; any other end is a reason to come again. */
async function listen() {
  const cursors = { [conversation]: state.cursor };
  const hello = { version: 1, token: session.token, generation: state.generation, cursors };
  const answer = await post("/rt/events", hello, "text/event-stream");
  let text = "";
  for await (const bytes of answer.body.pipeThrough(new TextDecoderStream())) {
    text += bytes;
    const lines = text.split("\n");
    text = lines.pop();
    for (const line of lines.filter((l) => l.startsWith("data: "))) {
      const frame = JSON.parse(line.slice(6));
      if (frame.t === "entries" && frame.stream === conversation) frame.entries.forEach(apply);
      if (frame.t === "reset" && frame.stream === conversation) {
        Object.assign(state, { cursor: frame.seq, generation: frame.generation, entries: frame.entries });
      }
      if (frame.t === "no") throw new Error(frame.code);
      if (state.entries.some((entry) => entry.by.kind === "bot")) return;
    }
  }
  throw new Error("the connection ended");
}

await flush();
for (let attempt = 0; ; attempt += 1) {
  try {
    await listen();
    process.exit(0);
  } catch {
    await pause(Math.random() * Math.min(30_000, 1000 * 2 ** attempt));
  }
}
