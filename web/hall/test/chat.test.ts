import { beforeEach, describe, expect, it, vi } from "vitest";

const load = async (): Promise<typeof import("../src/chat")> => {
  vi.resetModules();
  return import("../src/chat");
};

beforeEach(() => {
  document.head.replaceChildren();
  delete window.yingda;
});

describe("the chat on this page", () => {
  it("has the colour and the side its site has", async () => {
    const { embedChat } = await load();
    embedChat({ site: "demo", brand: "#7a1f5c", side: "start" }, "en", true);
    expect({ ...document.querySelector<HTMLScriptElement>("script")?.dataset }).toEqual({
      site: "demo",
      lang: "en",
      color: "#7a1f5c",
      side: "start",
    });
  });

  it("has the loader's own colour where the site has none", async () => {
    const { embedChat } = await load();
    embedChat({ site: "demo", side: "end" }, "zh-CN", false);
    expect({ ...document.querySelector<HTMLScriptElement>("script")?.dataset }).toEqual({
      site: "demo",
      lang: "zh-CN",
      side: "end",
      launcher: "none",
    });
  });
});
