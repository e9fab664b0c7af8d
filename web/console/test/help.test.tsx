import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { readChapter } from "../src/handbook/chapters";
import { sectionIn, sections, sectionsOf } from "../src/help/sections";
import { beside } from "../src/lib/beside";
import { pages } from "../src/shell/areas";
import { open, server, signedIn } from "./render";
import { administrator, manager, me } from "./samples";
import { words } from "./sources";

const none = { items: [], next: null };
const answers = { "GET /queues": none, "GET /canned-replies": none, "GET /auth/sessions": none };
const width = innerWidth;
afterEach(() => {
  window.innerWidth = width;
});
const f1 = () => fireEvent.keyDown(document.body, { key: "F1" });
const help = () => screen.findByRole("complementary", { name: /^Help/ });

describe("the sections of the help", () => {
  it.each(pages)("has the part of the handbook about $id, in both languages", async ({ id }) => {
    for (const [chapter, heading] of sections[id])
      for (const language of ["en", "zh-CN"] as const) {
        const title = words("console", language).get(`help.section.${heading}`);
        const part = sectionIn(await readChapter(chapter, language), title ?? "");
        expect(part, `${chapter}, ${language}: ${title}`).toBeDefined();
        expect(part?.split("\n").length, "more than its heading").toBeGreaterThan(2);
      }
  });

  it.each(pages)("says nothing about $id twice", async ({ id }) => {
    const parts = await Promise.all(
      sections[id].map(async ([chapter, heading]) =>
        sectionIn(await readChapter(chapter, "en"), words("console", "en").get(`help.section.${heading}`) ?? ""),
      ),
    );
    for (const one of parts)
      for (const other of parts) if (one !== other) expect(one?.includes(other ?? "")).toBe(false);
  });

  it("are all that have words", () => {
    const told = [...words("console", "en").keys()].flatMap((key) => /^help\.section\.(\w+)$/.exec(key)?.[1] ?? []);
    const used = Object.values(sections).flatMap((parts) => parts.map(([, heading]) => heading));
    expect(new Set(told)).toEqual(new Set(used));
  });

  it("say to nobody only what they may not do", () => {
    for (const page of pages)
      for (const who of [me, manager, administrator])
        expect(sectionsOf(page.id, who).length, page.id).toBeGreaterThan(0);
    expect(sectionsOf("training", me).map(({ heading }) => heading)).toEqual(["learn"]);
    expect(sectionsOf("training", manager).map(({ heading }) => heading)).toEqual(["learn", "training"]);
  });

  it("end with the next heading of their level", () => {
    const text = "# A\n\n## B\n\nb\n\n### C\n\nc\n\n## D\n\nd";
    expect(sectionIn(text, "B")).toBe("## B\n\nb\n\n### C\n\nc");
    expect(sectionIn(text, "C")).toBe("### C\n\nc");
    expect(sectionIn(text, "D")).toBe("## D\n\nd");
    expect(sectionIn(text, "E")).toBeUndefined();
  });
});

describe("the help", () => {
  it("stands beside the page, follows it, and gives the room back", async () => {
    server({ ...signedIn(me), ...answers });
    const { router } = open("/bot/canned-replies");
    const button = await screen.findByRole("button", { name: "Help" });
    button.focus();
    fireEvent.click(button);
    const pane = await help();
    expect(await within(pane).findByRole("heading", { name: "Canned replies" })).toBeTruthy();
    expect(document.activeElement).toBe(pane);
    expect([button.getAttribute("aria-expanded"), beside.get()]).toEqual(["true", 24]);
    expect(within(pane).getByRole("link", { name: "Open the handbook" }).getAttribute("href")).toContain(
      "chapter=agent",
    );
    expect(await faults(document.body)).toEqual([]);
    await act(() => router.navigate({ to: "/sessions" }));
    expect(await within(pane).findByRole("heading", { name: "Sign in" })).toBeTruthy();
    fireEvent.keyDown(pane, { key: "Escape" });
    await waitFor(() => expect(screen.queryByRole("complementary", { name: /^Help/ })).toBeNull());
    expect([document.activeElement, beside.get()]).toEqual([button, 0]);
  });

  it("is opened and closed by F1", async () => {
    server({ ...signedIn(me), ...answers });
    open("/sessions");
    await screen.findByRole("button", { name: "Help" });
    f1();
    await help();
    f1();
    await waitFor(() => expect(screen.queryByRole("complementary", { name: /^Help/ })).toBeNull());
  });

  it("lies over a page that has no room beside it, and leads to the tour of the page", async () => {
    window.innerWidth = 390;
    server({ ...signedIn(me), ...answers });
    open("/bot/canned-replies");
    fireEvent.click((await screen.findAllByRole("button", { name: "Me" }))[0]!);
    const sheet = await screen.findByRole("dialog", { name: "My account" });
    fireEvent.click(within(sheet).getByRole("button", { name: "Help" }));
    const dialog = await screen.findByRole("dialog", { name: "Help: Canned replies" });
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(dialog).getByRole("button", { name: "Show me on the page" }));
    const card = await screen.findByRole("dialog", { name: "Canned replies" });
    expect(card.textContent).toContain("5 of 8");
    expect(screen.queryByRole("dialog", { name: /^Help/ })).toBeNull();
  });
});
