import type { OwnConversation } from "@yingda/api/types";
import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { embedChat } from "../src/chat";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { standing, Talks } from "../src/pages/account/talks";
import "../src/pages/account/words";

const talk = (more: Partial<OwnConversation>): OwnConversation => ({
  id: "cnv_1",
  state: "bot",
  created_at: 1,
  resolved_at: null,
  left_at: null,
  at: 1,
  agent_name: null,
  score: null,
  preview: "my bill",
  ...more,
});

let items: OwnConversation[] = [];
let held: (() => void)[] = [];
const context = {
  words: i18n("zh-CN"),
  prefs: {},
  change: () => undefined,
  name: "",
  site: "demo",
} as unknown as HallContext;
const settle = (): Promise<void> => act(async () => new Promise((done) => setTimeout(done)));
const answer = async (): Promise<void> => {
  held.shift()?.();
  await settle();
};

/** What the loader calls when the chat reports that it has joined. */
const joined = async (): Promise<void> => {
  for (const [name, event, called] of window.yingda?.q ?? [])
    if (name === "on" && event === "joined") (called as () => void)();
  await settle();
};

beforeEach(async () => {
  held = [];
  vi.stubGlobal("fetch", () => {
    const body = JSON.stringify({ items, next: null });
    return new Promise((resolve) =>
      held.push(() => resolve(new Response(body, { headers: { "content-type": "application/json" } }))),
    );
  });
  embedChat({ site: "demo", side: "end" }, "zh-CN", true);
  await act(() => render(<Context.Provider value={context}>{h(Talks, {})}</Context.Provider>, document.body));
});
afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
});

describe("one's own conversations", () => {
  it("are read again once what was said in the chat has become the account's", async () => {
    await answer();
    expect(document.body.textContent).toContain("还没有会话");
    items = [talk({})];
    await joined();
    await answer();
    expect(document.body.textContent).toContain("my bill");
  });

  it("are read again also when the first reading began before that and ends after it", async () => {
    items = [];
    await joined();
    items = [talk({ preview: "my phone" })];
    await answer();
    await answer();
    expect(document.body.textContent).toContain("my phone");
  });

  it("are open, ended, or left for an answer", () => {
    expect(standing(talk({ state: "active" }))).toBe("open");
    expect(standing(talk({ state: "resolved" }))).toBe("ended");
    expect(standing(talk({ state: "resolved", left_at: 5 }))).toBe("left");
    expect(standing(talk({ state: "bot", left_at: 5 }))).toBe("open");
  });
});
