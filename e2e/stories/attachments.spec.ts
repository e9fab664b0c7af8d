import type { Locator, Page } from "@playwright/test";
import { demo } from "../support/demo";
import { expect, test } from "../support/test";

/** Gives a picture, or a file of text, to a field as a browser does: pasted or dropped, for some programs together with the text that it shows. */
async function give(field: Locator, how: "paste" | "drop", name: string, text = ""): Promise<void> {
  await field.evaluate(
    async (element, { how, name, text }) => {
      const canvas = new OffscreenCanvas(40, 30);
      canvas.getContext("2d")?.fillRect(0, 0, 20, 30);
      const held = new DataTransfer();
      held.items.add(
        name.endsWith(".txt")
          ? new File([name], name, { type: "text/plain" })
          : new File([await canvas.convertToBlob({ type: "image/png" })], name, { type: "image/png" }),
      );
      if (text) held.setData("text/plain", text);
      const options = { bubbles: true, cancelable: true };
      element.dispatchEvent(
        how === "paste"
          ? new ClipboardEvent("paste", { ...options, clipboardData: held })
          : new DragEvent("drop", { ...options, dataTransfer: held }),
      );
    },
    { how, name, text },
  );
}

/** The ids of the pictures in a place, once all of them are drawn. */
async function drawn(place: Locator, count: number): Promise<string[]> {
  const pictures = place.locator("img");
  await expect(pictures).toHaveCount(count);
  return pictures.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).src.split("/").at(-1) ?? ""));
}

const asCustomer = async (page: Page, authorization: string, file: string): Promise<number> =>
  (await page.request.get(`/api/v1/files/${file}`, { headers: { authorization } })).status();

test("a picture given to a note is the staff's, one given to a reply is looked at before the customer has it", {
  tag: ["@zh-CN", "@must"],
}, async ({ people, t }) => {
  const desk = await people.agent();
  const { page, chat } = await people.customer();
  await chat.say(demo(t).unknown);
  await chat.human.first().click();
  await expect(chat.joined(desk.name)).toBeVisible();
  await desk.openFirst();
  const attached = desk.pane.getByRole("list", { name: t.console("desk.tray.label") });

  await test.step("cells of a workbook are text, whatever picture of them comes along", async () => {
    for (const how of ["paste", "drop"] as const) {
      await give(desk.composer, how, "cells.png", "1\t2");
      await give(chat.composer, how, "cells.png", "1\t2");
    }
    await expect(attached).toHaveCount(0);
    await expect(chat.root.getByText("cells.png")).toHaveCount(0);
  });

  let notes: string[] = [];
  await test.step("pasted and dropped into a note", async () => {
    await desk.toNote();
    await give(desk.note, "paste", "bill.png");
    await give(desk.note, "drop", "meter.png");
    await expect(attached.getByRole("listitem")).toHaveCount(2);
    await desk.note.fill("only for us");
    await desk.note.press("Enter");
    await expect(desk.said("only for us")).toBeVisible();
    notes = await drawn(desk.log.locator(".note"), 2);
    await expect(attached).toHaveCount(0);
  });

  await test.step("files and the line after them arrive in the order in which they were meant, whichever upload ends first", async () => {
    const inOrder = /1\.txt.*2\.txt.*3\.txt.*that is all/s;
    let release = () => {};
    const late = new Promise<void>((resolve) => {
      release = resolve;
    });
    const others: Promise<unknown>[] = [];
    for (const n of [1, 2, 3]) {
      if (n === 1) await page.route("**/files?name=1.txt", (route) => late.then(() => route.continue()));
      else others.push(page.waitForResponse((answer) => answer.url().endsWith(`/files?name=${n}.txt`)));
      await give(chat.composer, "drop", `${n}.txt`);
    }
    await chat.say("that is all");
    await Promise.all(others);
    await expect(chat.log).toContainText(inOrder);
    await expect(desk.log.getByText("3.txt")).toHaveCount(0);
    release();
    await expect(desk.log).toContainText(inOrder);
    await expect(chat.log).toContainText(inOrder);
  });

  const seen = page.waitForRequest((request) => request.url().includes("/api/v1/files/"));
  await test.step("pasted into a reply: it waits to be looked at", async () => {
    await give(desk.composer, "paste", "offer.png");
    await expect(attached.getByRole("img")).toHaveCount(0);
    await expect(attached).toContainText("offer.png");
    await desk.say(t.pick("请看图", "See the picture"));
    await expect(chat.agent(t.pick("请看图", "See the picture"))).toBeVisible();
    await expect(chat.log.locator("article.agent img")).toHaveCount(1);
  });

  await test.step("the customer has the picture of the reply and nothing of the note", async () => {
    const authorization = (await seen).headers().authorization ?? "";
    const sent = (await seen).url().split("/").at(-1) ?? "";
    await expect(chat.root.getByText("only for us")).toHaveCount(0);
    expect(await asCustomer(page, authorization, sent)).toBe(200);
    for (const file of notes) expect(await asCustomer(page, authorization, file)).toBe(404);
  });
});
