import { describe, expect, it, vi } from "vitest";
import {
  badge,
  button,
  eachPageIsNew,
  frame,
  fromFrame,
  host,
  last,
  load,
  ORIGIN,
  ready,
  told,
  yingda,
} from "./host-page";

/** The loader in a host page. */
const endPage = eachPageIsNew();

describe("before anybody acts", () => {
  it("draws a launcher and nothing else: no frame, no request, no storage", async () => {
    const fetched = vi.fn();
    vi.stubGlobal("fetch", fetched);
    await load();
    expect(button().textContent).toBe("Ask us");
    expect(frame()).toBeNull();
    expect(fetched).not.toHaveBeenCalled();
    expect([localStorage.length, sessionStorage.length, document.cookie]).toEqual([0, 0, ""]);
  });

  it("speaks the page's language, and takes label and launcher from the tag", async () => {
    await load({ site: "demo", lang: "zh-CN" });
    expect(button().getAttribute("aria-label")).toBe("问一问");
    endPage();
    await load({ site: "demo", label: "Help", launcher: "none" });
    expect(button().textContent).toBe("Help");
    expect(button().hidden).toBe(true);
  });

  it("fetches the frame when somebody comes near", async () => {
    await load();
    button().dispatchEvent(new Event("pointerenter"));
    expect(frame().src).toBe(`${ORIGIN}/widget/frame.html?site=demo`);
    expect(frame().hidden).toBe(true);
  });
});

describe("opening and closing", () => {
  it("hands the frame what was asked for before it was ready", async () => {
    await load();
    yingda("open", { product: "g-001" });
    expect(frame().hidden).toBe(false);
    expect(button().hidden).toBe(true);
    ready();
    expect(last()).toMatchObject({
      do: "init",
      lang: "en",
      open: { product: "g-001" },
      page: { title: "Shop" },
      kept: {},
    });
    yingda("open", { product: "g-002" });
    expect(last()).toMatchObject({ do: "open", product: "g-002" });
  });

  it("remembers for this tab that it was open", async () => {
    await load();
    yingda("open");
    endPage();
    await load();
    expect(frame().hidden).toBe(false);
  });

  it("takes the focus when somebody opens it, and again when the frame that had none has its page", async () => {
    await load();
    button().click();
    expect(host().shadowRoot?.activeElement).toBe(frame());
    const given = vi.spyOn(frame(), "focus");
    ready();
    expect(given).toHaveBeenCalledOnce();
  });

  it("leaves the focus where it is on the next page, unless it covers that page", async () => {
    await load();
    yingda("open");
    const search = document.createElement("input");
    endPage();
    document.body.append(search);
    search.focus();
    await load();
    const given = vi.spyOn(frame(), "focus");
    ready();
    expect([frame().hidden, document.activeElement, given.mock.calls.length]).toEqual([false, search, 0]);
    vi.stubGlobal("innerHeight", 400);
    endPage();
    await load();
    expect(host().shadowRoot?.activeElement).toBe(frame());
    dispatchEvent(new Event("popstate"));
  });

  it("minimises when the frame asks, and tells listeners", async () => {
    await load();
    const closed = vi.fn();
    yingda("on", "close", closed);
    button().click();
    ready();
    fromFrame({ do: "close" });
    expect(frame().hidden).toBe(true);
    expect(closed).toHaveBeenCalledOnce();
    expect(host().shadowRoot?.activeElement).toBe(button());
  });

  it("fills a small window, keeps the page still behind it, and closes with Back", async () => {
    vi.stubGlobal("innerWidth", 390);
    await load();
    const depth = history.length;
    button().click();
    expect(document.body.hasAttribute("inert")).toBe(true);
    expect(history.length).toBe(depth + 1);
    dispatchEvent(new PopStateEvent("popstate"));
    expect(document.body.hasAttribute("inert")).toBe(false);
    expect(frame().hidden).toBe(true);
  });
});

describe("the frame's words", () => {
  it("are heard only from the frame's own window on its own origin", async () => {
    await load();
    button().click();
    ready();
    fromFrame({ do: "unread", n: 3 }, "https://evil.example");
    fromFrame({ do: "unread", n: 3 }, ORIGIN, window);
    expect(badge().hidden).toBe(true);
    fromFrame({ do: "unread", n: 3 });
    expect(badge().dataset.n).toBe("3");
    expect(button().textContent).toBe(button().getAttribute("aria-label")?.split(",")[0]);
    expect(button().getAttribute("aria-label")).toBe("Ask us, 3 unread");
  });

  it("count in the title while the page is hidden", async () => {
    await load();
    button().click();
    ready();
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    fromFrame({ do: "unread", n: 12 });
    expect(document.title).toBe("(9+) Shop");
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(document.title).toBe("Shop");
  });

  it("are kept for it in the page's storage, and handed back", async () => {
    await load();
    button().click();
    ready();
    fromFrame({ do: "keep", name: "sealed", value: "s1" });
    expect(localStorage.getItem("yingda.demo.sealed")).toBe("s1");
    endPage();
    await load();
    ready();
    expect(last()).toMatchObject({ kept: { sealed: "s1" } });
    fromFrame({ do: "keep", name: "sealed", value: null });
    expect(localStorage.length).toBe(0);
  });

  it("tell that nothing can be kept where the page's storage is refused too", async () => {
    await load();
    button().click();
    vi.stubGlobal("localStorage", undefined);
    ready();
    expect(last()).toMatchObject({ kept: null });
  });
});

describe("yingda()", () => {
  it("takes the calls that waited for it", async () => {
    (window as unknown as { yingda: unknown }).yingda = Object.assign(() => undefined, {
      q: [
        ["boot", { site: "demo", label: "Hi" }],
        ["open", {}],
      ],
    });
    await load({});
    expect(frame().hidden).toBe(false);
    expect(button().textContent).toBe("Hi");
  });

  it("passes on changes of the page", async () => {
    await load();
    button().click();
    ready();
    yingda("update", { lang: "zh-CN", page: { title: "T", url: "u" } });
    expect(last()).toMatchObject({ do: "update", lang: "zh-CN", page: { title: "T", url: "u" } });
    expect(button().textContent).toBe("问一问");
  });

  it("says plainly what is not enabled or does not exist", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await load();
    const failed = vi.fn();
    yingda("on", "error", failed);
    yingda("vanish");
    expect(failed).toHaveBeenCalledWith({
      code: "vanish_not_enabled",
      message: "yingda: vanish is not enabled for this site",
    });
    for (const inherited of ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"]) {
      yingda(inherited, "a");
      expect(failed).toHaveBeenLastCalledWith(expect.objectContaining({ code: `${inherited}_not_enabled` }));
      const told = vi.fn();
      yingda("on", inherited, told);
      fromFrame({ do: "event", name: inherited, data: 1 });
      button().click();
      ready();
      fromFrame({ do: "event", name: inherited, data: 2 });
      expect(told).toHaveBeenLastCalledWith(2);
    }
    yingda("dance");
    expect(warn).toHaveBeenLastCalledWith("yingda: dance is not enabled for this site");
  });

  it("tells the frame who is signed in, and gets it a ticket when it asks", async () => {
    await load();
    button().click();
    yingda("identify", { customer: "cst_1", ticket: () => Promise.resolve("t1") });
    ready();
    expect(last()).toMatchObject({ do: "init", customer: "cst_1" });
    fromFrame({ do: "ticket" });
    await vi.waitFor(() => expect(last()).toEqual({ yingda: 1, do: "ticket", ticket: "t1" }));
    yingda("identify", { customer: "cst_1", ticket: () => Promise.reject(new Error("offline")) });
    fromFrame({ do: "ticket" });
    await vi.waitFor(() => expect(last()).toEqual({ yingda: 1, do: "ticket", ticket: null }));
    yingda("identify", null);
    expect(last()).toMatchObject({ do: "identify", customer: null });
  });

  it("hands on the token by which the page's server names the customer, and its own version", async () => {
    await load();
    yingda("identify", { token: "t.o.k" });
    expect(frame().hidden).toBe(true);
    ready();
    expect(last()).toMatchObject({ do: "init", v: 2, token: "t.o.k" });
    yingda("identify", null);
    expect(last()).toMatchObject({ do: "identify", customer: null });
    expect(last()?.token).toBeUndefined();
  });

  it("keeps calls for the chat until it is there, and loads it for what is said, not for what is looked at", async () => {
    await load();
    yingda("track", "view", { product: "g-1" });
    expect(frame()).toBeNull();
    yingda("send", "hello");
    yingda("product", "g-2");
    ready();
    expect(told.slice(-3)).toMatchObject([
      { do: "init", product: "g-2" },
      { do: "track", a: "view", b: { product: "g-1" } },
      { do: "send", a: "hello" },
    ]);
    yingda("send", "again");
    expect(last()).toMatchObject({ do: "send", a: "again" });
  });

  it("says nothing of an account before the page does", async () => {
    await load();
    button().click();
    ready();
    expect(last()?.customer).toBeUndefined();
  });

  it("loads the frame for an account, for only that can join what was said here to it, and tells the page when it has", async () => {
    await load();
    const joined = vi.fn();
    yingda("on", "joined", joined);
    yingda("identify", null);
    expect(frame()).toBeNull();
    yingda("identify", { customer: "cst_1", ticket: () => null });
    expect(frame().hidden).toBe(true);
    ready();
    expect(last()).toMatchObject({ do: "init", customer: "cst_1" });
    fromFrame({ do: "event", name: "joined" });
    expect(joined).toHaveBeenCalledTimes(1);
  });

  it("tells the frame when an account leaves, for only that can take away what it kept", async () => {
    await load();
    yingda("identify", { customer: "cst_1", ticket: () => null });
    yingda("identify", null);
    ready();
    expect(last()).toMatchObject({ do: "init", customer: null });
  });

  it("hands easy mode on", async () => {
    await load({ site: "demo", mode: "elder" });
    button().click();
    ready();
    expect(last()).toMatchObject({ do: "init", mode: "elder" });
    yingda("update", { mode: "" });
    expect(last()).toMatchObject({ do: "update", mode: "" });
  });

  it("darkens a colour on which white words could not be read", async () => {
    const { readable } = await import("../src/brand");
    expect(readable("#0a6a78")).toBe("#0a6a78");
    expect(readable("#ffffff")).toMatch(/^#[67]/);
    await load({ site: "demo", color: "#ffd400" });
    expect(host().style.getPropertyValue("--c")).not.toBe("#ffd400");
  });
});
