import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, type Page } from "@playwright/test";
import { ask } from "./api";
import { demo } from "./demo";
import { FloorView } from "./floor";
import type { People } from "./people";
import { changeQueue } from "./routing";
import type { Words } from "./words";

export const handbook = path.resolve(import.meta.dirname, "../../docs/handbook");
export const chapters = ["customer", "agent", "manager", "administrator"] as const;
export type Chapter = (typeof chapters)[number];
/** The maximum size of a picture, in bytes. */
export const heaviest = 150_000;

const wide = { width: 1280, height: 800 };
const phone = { width: 390, height: 780 };
/** The quality of the pictures, on the browsers' scale. */
const quality = 0.82;

/** The file name of a picture in a language, without its folder. */
export const fileOf = (name: string, t: Words): string => `${name}.${t.lang}.webp`;

/** The pictures that a chapter shows, by file name. */
export function shownIn(chapter: Chapter, t: Words): string[] {
  const text = readFileSync(path.join(handbook, `${chapter}.${t.lang}.md`), "utf8");
  return [...text.matchAll(/!\[[^\]]+\]\(pictures\/([^)]+)\)/g)].map(([, file = ""]) => file);
}

export const stored = (): string[] => readdirSync(path.join(handbook, "pictures")).sort();

/** A picture of a page as WebP, compressed by the browser itself. */
async function shot(page: Page): Promise<Buffer> {
  const png = (await page.screenshot({ animations: "disabled", caret: "hide" })).toString("base64");
  const tab = await page.context().newPage();
  try {
    const data = await tab.evaluate(
      async ([png, quality]) => {
        const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
        const canvas = new OffscreenCanvas(picture.width, picture.height);
        canvas.getContext("2d")?.drawImage(picture, 0, 0);
        const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality })).arrayBuffer());
        let text = "";
        for (const byte of bytes) text += String.fromCharCode(byte);
        return btoa(text);
      },
      [png, quality] as const,
    );
    return Buffer.from(data, "base64");
  } finally {
    await tab.close();
  }
}

/** A page of the console once everything it requested has arrived. */
async function settled(page: Page, address: string): Promise<void> {
  await page.goto(`/console${address}`);
  await page.getByRole("heading").first().waitFor();
  await page.waitForLoadState("networkidle");
}

/** What says who gets a conversation: the rules of a queue, and a skill. */
async function takeRules(
  page: Page,
  t: Words,
  take: (chapter: Chapter, name: string, page: Page) => Promise<void>,
): Promise<void> {
  const general = page.getByRole("listitem", { name: t.pick("综合服务", "General"), exact: true });
  await general.getByRole("button", { name: t.console("settings.edit"), exact: false }).click();
  const rules = page.getByRole("dialog").getByRole("group", { name: t.console("settings.rules.title") });
  await rules.getByRole("combobox").scrollIntoViewIfNeeded();
  await take("administrator", "queue-rules", page);
  await page.keyboard.press("Escape");
  const { agents } = await ask<{ agents: { id: string }[] }>(page, "GET", "/colleagues");
  const { items } = await ask<{ items: { id: string }[] }>(page, "GET", "/queues");
  for (const [zh, en, levels] of [
    ["国际漫游", "Roaming", [5, 2]],
    ["宽带故障", "Broadband faults", [4, 3]],
  ] as const)
    await ask(page, "POST", "/skills", {
      name: { zh, en },
      members: levels.map((level, n) => ({ agent: agents[n]?.id, level })),
      needs: [{ queue: items[0]?.id, level: 3 }],
    });
  await settled(page, "/settings/skills");
  await take("administrator", "skills", page);
}

/** Makes every picture of the handbook in the demo, as its users would see it. */
export async function makePictures(people: People, t: Words): Promise<Map<string, { chapter: Chapter; data: Buffer }>> {
  const made = new Map<string, { chapter: Chapter; data: Buffer }>();
  const take = async (chapter: Chapter, name: string, page: Page): Promise<void> => {
    made.set(fileOf(name, t), { chapter, data: await shot(page) });
  };
  const { attribute, product, unknown } = demo(t);

  // the customer
  const { page: hall, chat } = await people.visitor("/", { viewport: wide });
  await expect(hall.getByRole("heading", { name: t.hall("home.featured") })).toBeVisible();
  await take("customer", "hall", hall);
  await hall.goto(`/goods/${product.id}`);
  await hall.getByRole("button", { name: t.hall("product.ask"), exact: true }).click();
  await chat.say(attribute.question);
  await expect(chat.bot(attribute.answer)).toBeVisible();
  await take("customer", "chat-bot", hall);
  const easy = (await people.visitor("/", { viewport: phone })).page;
  await easy.getByRole("button", { name: t.hall("easy.mode_label") }).click();
  await expect(easy.getByRole("heading", { level: 1, name: t.hall("easy.hello") })).toBeVisible();
  await take("customer", "easy", easy);

  const { page: entrance } = await people.visitor("/register", { viewport: wide });
  await entrance.getByRole("heading", { level: 1 }).waitFor();
  await take("customer", "register", entrance);

  // the agent
  const { page: door } = await people.visitor("/console/sign-in", { viewport: wide });
  await expect(door.getByRole("heading", { name: t.console("signin.title") })).toBeVisible();
  await take("agent", "sign-in", door);
  await changeQueue(people.server, people.seed, "General", { rules: { accept_within_s: 120 } });
  const desk = await people.agent();
  await desk.page.setViewportSize(wide);
  await chat.say(unknown);
  await chat.human.first().click();
  await expect(desk.page.getByRole("region", { name: t.console("desk.offer.title") })).toBeVisible();
  await take("agent", "offer", desk.page);
  await desk.page.keyboard.press("Alt+a");
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  await desk.say(t.pick("您好，我来帮您看。", "Hello, I will look into it."));
  await expect(chat.agent(/./).first()).toBeVisible();
  await take("customer", "chat-person", hall);
  await take("agent", "desk", desk.page);
  await desk.composer.fill("/");
  await expect(desk.page.getByRole("option").first()).toBeVisible();
  await take("agent", "canned", desk.page);
  await desk.composer.fill("");
  await desk.pane.getByRole("button", { name: t.console("desk.transfer"), exact: true }).click();
  await expect(desk.page.getByRole("dialog")).toBeVisible();
  await take("agent", "transfer", desk.page);
  await desk.page.keyboard.press("Escape");
  const { page: lead, name: leader } = await people.staff("manager");
  await lead.setViewportSize(wide);
  const floor = new FloorView(lead, leader, t);
  await floor.open();
  await floor.served.getByRole("button", { name: desk.name }).click();
  await lead.keyboard.press("l");
  await expect(floor.log.getByText(unknown).first()).toBeVisible();
  await take("manager", "floor", lead);
  await desk.resolve();
  await expect(chat.sendRating).toBeVisible();
  await take("customer", "rating", hall);

  await settled(desk.page, "/goods");
  await take("agent", "goods", desk.page);
  await settled(desk.page, "/inbox/feedback");
  await take("agent", "left-messages", desk.page);

  // the manager
  const panel = await people.manager();
  await panel.page.setViewportSize(wide);
  await panel.tile("session_created").waitFor();
  await take("manager", "panel", panel.page);
  await panel.tile("session_created").click();
  await expect(panel.page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
  await take("manager", "panel-behind", panel.page);
  await settled(panel.page, "/reports/history");
  await take("manager", "history", panel.page);
  await settled(panel.page, "/bot/answers");
  await take("manager", "answers", panel.page);

  // the administrator
  const { page: office } = await people.staff("administrator");
  await office.setViewportSize(wide);
  await office.goto("/console/bot/canned-replies");
  await office.getByRole("rowheader", { name: "/hi", exact: true }).waitFor();
  await take("administrator", "canned-replies", office);
  await office.goto("/console/settings/webhooks");
  await office.getByText(t.console("webhooks.empty.what")).waitFor();
  await office.getByRole("button", { name: t.console("webhooks.new") }).click();
  await expect(office.getByRole("dialog")).toBeVisible();
  await take("administrator", "webhook", office);
  await settled(office, "/settings/people");
  await take("administrator", "people", office);
  await settled(office, "/settings/queues");
  await take("administrator", "queues", office);
  await takeRules(office, t, take);
  await settled(office, "/settings/sites");
  await take("administrator", "sites", office);
  await office.goto("/console/sessions");
  await office.getByText(t.console("sessions.this_one")).waitFor();
  await take("administrator", "sessions", office);
  return made;
}
