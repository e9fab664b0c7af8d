import type { Entry } from "@yingda/api/types";
import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { TalkPage } from "../src/pages/account/talk";
import "../src/pages/account/words";

const context = { words: i18n("en"), prefs: {}, change: () => undefined, name: "", site: "demo" };
const said = (seq: number, by: string, body: unknown, more: Partial<Entry> = {}) => ({
  seq,
  kind: "message",
  v: 1,
  at: seq,
  by: { kind: by, name: by },
  body,
  ...more,
});

afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
});

it("a past conversation shows what a message quotes, and that it was corrected", async () => {
  const items = [
    said(1, "customer", { type: "text", text: "When?", ord: 1 }),
    said(2, "agent", { type: "text", text: "Monday", ord: 1, quote: 1, corrected_at: 9 }),
    said(3, "customer", null, { gone: "recalled" }),
    said(4, "agent", { type: "text", text: "Never mind", ord: 2, quote: 3 }),
  ];
  const body = JSON.stringify({ items, next: null });
  vi.stubGlobal("fetch", async () => new Response(body, { headers: { "content-type": "application/json" } }));
  await act(() =>
    render(
      <Context.Provider value={context as unknown as HallContext}>{h(TalkPage, { id: "cnv_1" })}</Context.Provider>,
      document.body,
    ),
  );
  await vi.waitFor(() => expect(document.querySelectorAll(".said")).toHaveLength(4));
  const [, corrected, , late] = document.querySelectorAll(".said");
  expect(corrected?.querySelector("blockquote")?.textContent).toBe("When?");
  expect(corrected?.querySelector(".said-head")?.textContent).toContain("Edited");
  expect(late?.querySelector("blockquote")?.textContent).toBe("Recalled");
  expect(late?.querySelector(".said-head")?.textContent).not.toContain("Edited");
});
