// Measures the CPU cost of the desk in the agent's browser: a list of 60 conversations in which customers send ten messages a second.
// node tools/desk-cpu.mjs [path of the program] [seconds]
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const root = path.resolve(import.meta.dirname, "../..");
const program = process.argv[2] ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "debug/yingda");
const seconds = Number(process.argv[3] ?? 60);
const conversations = 60;
const everyMs = 100;

const data = await mkdtemp(path.join(tmpdir(), "yingda-desk-cpu-"));
const server = spawn(program, ["serve", "--data", data, "--listen", "127.0.0.1:0", "--demo"], {
  stdio: ["ignore", "pipe", "ignore"],
});
const url = await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).on("line", (line) => line.startsWith("ready ") && resolve(line.slice(6)));
  server.on("exit", () => reject(new Error(`${program} ended before it was ready`)));
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu"],
});

const post = async (where, body) =>
  (
    await fetch(url + where, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    })
  ).json();

async function customer(n) {
  const { token } = await post("/api/v1/widget/sessions", { site: "demo", device: null, lang: "en" });
  const conversation = `cnv_${randomUUID().replaceAll("-", "")}`;
  const send = (body, open) =>
    post("/rt/send", {
      token,
      frames: [{ t: "send", conversation, client_id: randomUUID(), body, ...(open ? { open: { lang: "en" } } : {}) }],
    });
  await send({ type: "request_human", via: "button" }, true);
  return { say: (words) => send({ type: "text", text: words }), n };
}

try {
  const links = (await readFile(path.join(data, "first-sign-in.txt"), "utf8"))
    .split("\n")
    .filter((line) => line.includes("/welcome#"));
  const staff = async (role) => {
    const page = await (
      await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" })
    ).newPage();
    await page.goto(
      links
        .find((line) => line.startsWith(role))
        .trim()
        .split(/\s+/)
        .pop(),
    );
    await page.locator("input[type=password]").fill("correct horse battery");
    await page.keyboard.press("Enter");
    await page.getByRole("navigation").first().waitFor();
    return page;
  };
  const desk = await staff("agent");
  const manager = await staff("manager");
  const me = await desk.evaluate(async () => (await fetch("/api/v1/me")).json());
  const done = await manager.evaluate(
    async ([agent, capacity]) => {
      const { items } = await (await fetch("/api/v1/staff")).json();
      const seen = items.find((one) => one.id === agent).updated_at;
      const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() };
      return (
        await fetch(`/api/v1/staff/${agent}`, { method: "PATCH", headers, body: JSON.stringify({ capacity, seen }) })
      ).status;
    },
    [me.agent, conversations],
  );
  if (done !== 200) throw new Error(`the capacity was not changed: ${done}`);
  await manager.context().close();
  await desk.goto(`${url}/console/inbox`);
  await desk.getByRole("button", { name: "Go available" }).click();

  const customers = [];
  for (let n = 0; n < conversations; n += 1) customers.push(await customer(n));
  await desk.waitForFunction((count) => document.querySelectorAll(".item").length >= count, conversations, {
    timeout: 120_000,
  });
  await desk.locator(".item").first().click();
  await desk.locator(".composer").waitFor();
  await desk.mouse.move(900, 300);

  const cdp = await desk.context().newCDPSession(desk);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () =>
    Object.fromEntries((await cdp.send("Performance.getMetrics")).metrics.map((one) => [one.name, one.value]));
  await desk.waitForTimeout(3000);
  const before = await read();
  const began = performance.now();
  let said = 0;
  const turn = setInterval(() => {
    said += 1;
    void customers[said % conversations].say(`line ${said}`);
  }, everyMs);
  await desk.waitForTimeout(seconds * 1000);
  clearInterval(turn);
  const after = await read();
  const took = (performance.now() - began) / 1000;
  const share = (name) => `${(((after[name] - before[name]) / took) * 100).toFixed(1)} %`;
  console.log(
    `${conversations} rows, ${(said / took).toFixed(1)} messages/s for ${took.toFixed(0)} s, of one core: script ${share("ScriptDuration")}, layout ${share("LayoutDuration")}, style ${share("RecalcStyleDuration")}, tasks ${share("TaskDuration")}`,
  );
} finally {
  await browser.close();
  server.kill();
  await rm(data, { recursive: true, force: true });
}
