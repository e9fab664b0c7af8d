// Makes docs/picture.png: widget, desk and live panel of a real run, side by side on one sheet.
// node tools/picture.mjs [path of the program]
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const root = path.resolve(import.meta.dirname, "../..");
const program = process.argv[2] ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "debug/yingda");
const data = await mkdtemp(path.join(tmpdir(), "yingda-picture-"));
const server = spawn(program, ["serve", "--data", data, "--listen", "127.0.0.1:0", "--demo"], {
  stdio: ["ignore", "pipe", "ignore"],
});
const url = await new Promise((resolve, reject) => {
  createInterface({ input: server.stdout }).on("line", (line) => line.startsWith("ready ") && resolve(line.slice(6)));
  server.on("exit", () => reject(new Error(`${program} ended before it was ready`)));
});

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const links = (await readFile(path.join(data, "first-sign-in.txt"), "utf8"))
    .split("\n")
    .filter((line) => line.includes("/welcome#"));
  const open = async (viewport) =>
    (
      await browser.newContext({
        viewport,
        locale: "zh-CN",
        timezoneId: "Asia/Shanghai",
        deviceScaleFactor: 2,
        reducedMotion: "reduce",
      })
    ).newPage();
  const staff = async (role, viewport) => {
    const page = await open(viewport);
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
  const desk = await staff("agent", { width: 1280, height: 800 });
  const panel = await staff("manager", { width: 1280, height: 800 });
  await desk.getByRole("button", { name: "开始接待" }).click();

  const hall = await open({ width: 960, height: 800 });
  await hall.goto(`${url}/goods/g-001`);
  await hall.getByRole("button", { name: "问问这件", exact: true }).click();
  const chat = hall.frameLocator("iframe");
  const say = async (words) => {
    await chat.locator("#write").fill(words);
    await chat.locator("#write").press("Enter");
  };
  await say("这台有多少存储？");
  await chat.getByText("512 GB").waitFor();
  await say("旧手机能折多少钱？我想当面看看");
  await chat.getByRole("article").nth(4).waitFor();
  await chat.getByRole("button", { name: "找人工", exact: true }).first().click();
  await chat.getByText("周敏已接入").waitFor({ timeout: 30_000 });
  await desk.getByRole("link", { name: /访客/ }).first().click();
  const reply = desk.getByRole("combobox", { name: "回复客户" });
  await reply.fill("您好，我是周敏。旧机要看外观和屏幕，门店当场估价，抵扣当场生效。");
  await reply.press("Enter");
  await chat.getByText("门店当场估价").waitFor();
  await say("好，明天下午去，需要带什么？");
  await desk.getByText("好，明天下午去，需要带什么？").first().waitFor();
  await reply.fill("身份证和旧手机就行，");
  await panel.getByRole("link", { name: "数据" }).click();
  await panel.getByRole("heading", { level: 1 }).waitFor();
  await panel.getByRole("img").first().waitFor();

  await hall.evaluate(() => scrollTo(0, 0));

  const shot = async (page, clip) =>
    `data:image/png;base64,${(await page.screenshot({ clip, animations: "disabled" })).toString("base64")}`;
  const shots = { desk: await shot(desk), panel: await shot(panel), hall: await shot(hall) };
  const sheet = await browser.newPage({ viewport: { width: 1440, height: 940 }, deviceScaleFactor: 1 });
  await sheet.setContent(`<!doctype html><style>
    body { margin: 0; width: 1440px; height: 940px; position: relative; background: linear-gradient(160deg, #e3efef, #f6f4ee) }
    img { position: absolute; border-radius: 12px; box-shadow: 0 18px 50px -12px #0e222655, 0 0 0 1px #0e22261a }
    .panel { width: 960px; right: 28px; top: 28px }
    .desk { width: 900px; left: 28px; top: 350px }
    .hall { width: 600px; right: 48px; bottom: 28px }
  </style><img class="panel" src="${shots.panel}"><img class="desk" src="${shots.desk}"><img class="hall" src="${shots.hall}">`);
  await sheet.screenshot({ path: path.join(root, "docs/picture.png") });
} finally {
  await browser.close();
  server.removeAllListeners("exit");
  server.kill("SIGTERM");
  await new Promise((resolve) => server.on("exit", resolve));
  await rm(data, { recursive: true, force: true });
}
