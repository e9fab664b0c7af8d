// Measures the desk in an agent's browser on a long day: 200 conversations in the list, one of 20,000 entries open, and 20 messages a second, while the agent scrolls and types.
// node tools/desk-long.mjs [path of the program] [seconds]
// The server is real; what it says of conversations is replaced on the way to the page, because nobody says 20,000 things to it in a minute.
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const root = path.resolve(import.meta.dirname, "../..");
const program = process.argv[2] ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "debug/yingda");
const seconds = Number(process.argv[3] ?? 120);
const conversations = 200;
const entries = 20_000;
const everyMs = 50;

const data = await mkdtemp(path.join(tmpdir(), "yingda-desk-long-"));
const server = spawn(program, ["serve", "--data", data, "--listen", "127.0.0.1:0", "--demo"], {
  stdio: ["ignore", "pipe", "ignore"],
});
const url = await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).on("line", (line) => line.startsWith("ready ") && resolve(line.slice(6)));
  server.on("exit", () => reject(new Error(`${program} ended before it was ready`)));
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"],
});

const idOf = (n) => `cnv_${String(n).padStart(32, "f")}`;
const open = idOf(0);
const began = Date.now() - entries * 1000;
const now = Date.now();
const words = ["Why was I charged twice?", "网断了，昨天就报过了", "My number ends in 4711", "好的，谢谢，我再看看"];

/** One entry of the long conversation: customer and agent in turn, of one to several lines. */
const entry = (seq, agent) => {
  const isCustomer = seq % 3 !== 0;
  const text = `${seq} ${words[seq % words.length].repeat(1 + (seq % 5))}`;
  const ord = isCustomer ? seq - Math.floor(seq / 3) : Math.floor(seq / 3);
  const by = isCustomer ? { kind: "customer", id: "vst_0", name: "访客" } : { kind: "agent", ...agent };
  return { seq, kind: "message", v: 1, at: began + seq * 1000, by, body: { type: "text", text, ord } };
};
const row = (n, seq, agent) => ({
  id: idOf(n),
  state: "active",
  epoch: 2,
  episode: 1,
  agent,
  queue: null,
  customer: { id: `vst_${String(n).padStart(32, "0")}`, name: "访客" },
  lang: "zh-CN",
  channel: "web",
  seq,
  unread: seq % 4,
  waiting_since: n % 2 === 0 ? now - n * 1000 : null,
  queued_at: now - 600_000,
  offer: null,
  assigned_at: now - 500_000,
  resolved_at: null,
  created_at: now - 700_000,
  at: Date.now(),
  due_at: null,
  labels: [],
  paused_at: null,
  alerted_at: null,
  danger: false,
  subject: `${n} ${words[n % words.length]}`,
  preview: { by: n % 2 === 0 ? "customer" : "agent", text: `${seq} ${words[seq % words.length]}` },
  product: null,
  wait: null,
  settled: null,
});

/** What passes between page and server about conversations is made up here. */
async function play(page, agent) {
  let socket = null;
  let last = entries;
  await page.route("**/api/v1/conversations/cnv_f*", (route) =>
    route.fulfill({
      json: {
        ...row(0, last, agent),
        visitor: {
          ...row(0, last, agent).customer,
          first_seen_at: began,
          conversations: 1,
          online: true,
          account: null,
          contacts: [],
          consents: [],
        },
        page: null,
        episodes: [],
        history: [],
      },
    }),
  );
  await page.routeWebSocket(/\/ws$/, (ws) => {
    socket = ws;
    const real = ws.connectToServer();
    ws.onMessage((message) => {
      const frame = JSON.parse(message);
      if (frame.t === "hello") {
        const made = Object.keys(frame.cursors ?? {}).filter((one) => one.startsWith("cnv_f"));
        const wants = made.filter((one) => frame.cursors[one] === null);
        for (const one of made) delete frame.cursors[one];
        real.send(JSON.stringify(frame));
        for (const stream of wants)
          ws.send(
            JSON.stringify({
              t: "reset",
              stream,
              generation: crypto.randomUUID(),
              seq: last,
              marks: null,
              state: { state: "active", episode: 1, agent_name: agent.name, agent_number: "1" },
              entries: Array.from({ length: last }, (_, n) => entry(n + 1, agent)),
            }),
          );
      } else if (!message.includes("cnv_f")) real.send(message);
    });
    real.onMessage((message) => {
      for (const line of message.split("\n").filter((one) => one.trim() !== "")) {
        const frame = JSON.parse(line);
        if (frame.t === "lists") frame.mine = Array.from({ length: conversations }, (_, n) => row(n, 5, agent));
        ws.send(JSON.stringify(frame));
      }
    });
  });
  let turn = 0;
  return () => {
    turn += 1;
    last += 1;
    socket?.send(JSON.stringify({ t: "entries", stream: open, entries: [entry(last, agent)] }));
    socket?.send(JSON.stringify({ t: "summary", conversation: row(turn % conversations, 5 + turn, agent) }));
  };
}

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

/** The tasks of the page's main thread, in milliseconds: as long as they lasted, and what they took of the processor. */
function tasksIn(trace) {
  const all = JSON.parse(trace.toString()).traceEvents;
  const main = all.filter((one) => one.name === "thread_name" && one.args.name === "CrRendererMain");
  const threads = new Set(main.map((one) => `${one.pid} ${one.tid}`));
  const tasks = all.filter(
    (one) => one.ph === "X" && /RunTask$/.test(one.name) && threads.has(`${one.pid} ${one.tid}`) && one.dur > 0,
  );
  const sorted = (of) => tasks.map((one) => (one[of] ?? 0) / 1000).sort((a, b) => a - b);
  return { lasted: sorted("dur"), took: sorted("tdur") };
}

try {
  const links = (await readFile(path.join(data, "first-sign-in.txt"), "utf8")).split("\n");
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" })).newPage();
  await page.goto(
    links
      .find((line) => line.startsWith("agent") && line.includes("/welcome#"))
      .trim()
      .split(/\s+/)
      .pop(),
  );
  await page.locator("input[type=password]").fill("correct horse battery");
  await page.keyboard.press("Enter");
  await page.getByRole("navigation").first().waitFor();
  const me = await page.evaluate(async () => (await fetch("/api/v1/me")).json());
  const say = await play(page, { id: me.agent, name: me.name });
  await page.goto(`${url}/console/inbox/${open}`);
  await page.locator(".said").first().waitFor({ timeout: 120_000 });
  await page.locator(".item-box").first().waitFor();

  const cdp = await page.context().newCDPSession(page);
  const heap = async () => {
    await cdp.send("HeapProfiler.collectGarbage");
    return (await cdp.send("Runtime.getHeapUsage")).usedSize / 1024 / 1024;
  };
  const drawn = () =>
    page.evaluate(() => ({
      messages: document.querySelectorAll(".said").length,
      rows: document.querySelectorAll(".item-box").length,
      elements: document.querySelectorAll("*").length,
    }));
  const wheel = async (x, y, by, times) => {
    await page.mouse.move(x, y);
    for (let n = 0; n < times; n += 1) {
      await page.mouse.wheel(0, by);
      await page.waitForTimeout(16);
    }
  };
  /** Whether a message in view stays where it is while others arrive and the agent does nothing. */
  const stays = async () => {
    const seen = () =>
      page.evaluate(() => {
        const box = document.querySelector(".conversation-scroll");
        const { top, bottom } = box.getBoundingClientRect();
        const one = [...box.querySelectorAll(".said")].find((said) => {
          const at = said.getBoundingClientRect();
          return at.top >= top && at.bottom <= bottom;
        });
        return [one?.dataset.seq, Math.round(one?.getBoundingClientRect().top ?? 0)].join(" at ");
      });
    const before = await seen();
    await page.waitForTimeout(1000);
    return [before, await seen()];
  };
  const turn = setInterval(say, everyMs);
  const start = performance.now();
  const until = (second) => page.waitForTimeout(Math.max(0, second * 1000 - (performance.now() - start)));
  await until(5);
  const measure = async (name, work) => {
    await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
    await work();
    const { lasted, took } = tasksIn(await browser.stopTracing());
    const said = (list) => `p99 ${share(list, 0.99).toFixed(1)} ms, longest ${(list.at(-1) ?? 0).toFixed(1)} ms`;
    console.log(
      `${name}: ${lasted.length} tasks; they lasted ${said(lasted)}; of the processor they took ${said(took)}; over 50 ms ${took.filter((ms) => ms > 50).length}`,
    );
  };
  await measure("receiving", () => page.waitForTimeout(10_000));
  await measure("scrolling the log", async () => {
    await wheel(760, 400, -300, 150);
    await wheel(760, 400, 300, 60);
  });
  console.log(`a message in view, one second apart: ${(await stays()).join(", ")}`);
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await measure("scrolling the list", async () => {
    await wheel(200, 500, 300, 60);
    await wheel(200, 500, -300, 60);
  });
  await page.mouse.move(760, 400);
  await measure("typing", async () => {
    await page.locator(".composer-words").click();
    await page.keyboard.type("Thank you for waiting; I am looking at your bill right now. ", { delay: 30 });
  });
  console.log("drawn", JSON.stringify(await drawn()));
  await until(60);
  const atFirst = await heap();
  await until(seconds);
  const atLast = await heap();
  clearInterval(turn);
  console.log(
    `heap ${atFirst.toFixed(1)} MB after a minute, ${atLast.toFixed(1)} MB after ${seconds} seconds: ${(atLast / atFirst).toFixed(2)} times`,
  );
} finally {
  await browser.close();
  server.kill();
  await rm(data, { recursive: true, force: true });
}
