import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { pictureAt, readChapter } from "../src/handbook/chapters";
import { chapters } from "../src/handbook/names";
import { open, server, signedIn } from "./render";

describe("the handbook", () => {
  it("opens from the avatar menu at the chapter of who reads it, and is accessible", async () => {
    server({ ...signedIn(), "GET /auth/sessions": { items: [] } });
    open("/sessions");
    fireEvent.click((await screen.findAllByRole("button", { name: /Account of/ }))[0]!);
    fireEvent.click(await screen.findByRole("link", { name: "Handbook" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Handbook for agents" })).toBeTruthy();
    expect(screen.getByRole("link", { name: "Agents" }).getAttribute("aria-current")).toBe("page");
    expect(await faults(document.body)).toEqual([]);
  });

  it("leads from chapter to chapter", async () => {
    server(signedIn());
    open("/handbook?chapter=manager");
    await screen.findByRole("heading", { level: 1, name: "Handbook for managers" });
    fireEvent.click(screen.getByRole("link", { name: "their handbook" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Handbook for agents" })).toBeTruthy();
    // The area of that name is in the rail.
    const chapter = screen
      .getAllByRole("link", { name: "Customers" })
      .find((link) => /handbook/.test(link.getAttribute("href") ?? ""));
    fireEvent.click(chapter as HTMLElement);
    await waitFor(() => expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Handbook for customers"));
  });

  it.each(chapters.flatMap((chapter) => (["zh-CN", "en"] as const).map((language) => [chapter, language] as const)))(
    "shows all of %s in %s, with every picture",
    async (chapter, language) => {
      const text = await readChapter(chapter, language);
      const named = [...text.matchAll(/\]\((pictures\/[^)]+)\)/g)].map(([, path]) => path ?? "");
      expect(named.length).toBeGreaterThan(0);
      for (const path of named) expect(pictureAt(path), path).toBeTruthy();
      // The reader has no other file beside it here.
      expect(text).not.toMatch(/README/);
      if (chapter !== "customer") expect(text).toContain("`/console`");
      if (language === "zh-CN" && chapter !== "customer") expect(text).not.toContain("您");
      if (language === "zh-CN") return;
      server(signedIn());
      open(`/handbook?chapter=${chapter}`);
      await screen.findByRole("heading", { level: 1 });
      const article = document.querySelector(".handbook")?.textContent ?? "";
      expect(article).not.toMatch(/\*\*|\]\(|```|^#/m);
      expect(screen.getAllByRole("img").filter((img) => img.closest(".handbook"))).toHaveLength(named.length);
    },
  );
});
