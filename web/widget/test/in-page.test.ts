import { describe, expect, it, vi } from "vitest";
import {
  badge,
  button,
  eachPageIsNew,
  frame,
  fromFrame,
  host,
  hosts,
  last,
  load,
  moveTo,
  noticed,
  ready,
  told,
  yingda,
} from "./host-page";

/** What a host page does to the loader, and what the loader leaves to the host page. */
const endPage = eachPageIsNew();

const body = () => document.createElement("body");
const setHidden = (is: boolean): void => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(is);
  document.dispatchEvent(new Event("visibilitychange"));
};
const small = (): void => void vi.stubGlobal("innerWidth", 390);

describe("a page that replaces what is around the loader", () => {
  const changes: [does: string, change: () => void][] = [
    ["replaces its body", () => document.body.replaceWith(body())],
    [
      "removes its body, and adds another",
      () => {
        document.body.remove();
        document.documentElement.append(body());
      },
    ],
    ["empties its body", () => document.body.replaceChildren()],
    ["writes its body anew", () => void (document.body.innerHTML = "<main>Next page</main>")],
    ["removes our element", () => host().remove()],
    ["moves our element", () => document.body.append(host())],
    [
      "moves our element into another, and removes that",
      () => {
        const slot = document.createElement("div");
        document.body.append(slot);
        slot.append(host());
        document.body.replaceWith(body());
      },
    ],
    [
      "replaces everything",
      () => {
        const html = document.createElement("html");
        html.append(document.createElement("head"), body());
        document.documentElement.replaceWith(html);
      },
    ],
    [
      "empties itself, and is filled later",
      () => {
        const html = document.createElement("html");
        document.documentElement.remove();
        document.append(html);
        html.append(document.createElement("head"), body());
      },
    ],
  ];

  it.each(changes)("%s: one launcher, one chat, and every call works", async (_, change) => {
    await load();
    change();
    await noticed();
    expect(hosts()).toHaveLength(1);
    yingda("open");
    expect(frame().hidden).toBe(false);
    ready();
    yingda("update", { product: "g-002" });
    expect(last()).toMatchObject({ do: "update", product: "g-002" });
    change();
    await noticed();
    yingda("boot", { site: "demo" });
    expect([hosts().length, frame().hidden]).toEqual([1, false]);
    yingda("close");
    expect([button().hidden, frame().hidden]).toEqual([false, true]);
  });

  it.each(changes)("%s: calls work at once, too", async (_, change) => {
    await load();
    change();
    yingda("open", { ask: "Is it there?" });
    ready();
    expect(last()).toMatchObject({ do: "init", open: { ask: "Is it there?" } });
    expect(hosts()).toHaveLength(1);
  });

  it("keeps the chat as it is while only the body changes: the frame is not moved, for it would load again", async () => {
    await load();
    button().click();
    const before = [host().parentNode, frame()];
    document.body.replaceWith(body());
    await noticed();
    expect([host().parentNode, frame()]).toEqual(before);
  });

  it("tells a frame that loads again what it has to know, and what was asked for in the meantime", async () => {
    await load();
    button().click();
    ready();
    moveTo(document.body);
    await noticed();
    const before = told.length;
    yingda("open", { ask: "Where is it?" });
    expect(told).toHaveLength(before);
    ready();
    expect(last()).toMatchObject({ do: "init", open: { ask: "Where is it?" } });
    moveTo(document.documentElement);
    yingda("update", { lang: "zh-CN" });
    ready();
    expect(last()).toMatchObject({ do: "init", lang: "zh-CN", open: {} });
  });

  it("is heard again after it has removed everything that listens, as document.write does", async () => {
    await load();
    const launcher = button();
    host().remove();
    launcher.onclick = null;
    await noticed();
    button().click();
    expect(frame().hidden).toBe(false);
  });
});

describe("a page that runs the script again", () => {
  it("has one launcher, with what the second tag says", async () => {
    await load({ site: "demo", lang: "en" });
    const first = host();
    await load({ site: "demo", lang: "zh-CN", label: "在线咨询" });
    expect(hosts()).toEqual([first]);
    expect(button().textContent).toBe("在线咨询");
  });

  it("keeps what listens, and takes the calls that waited", async () => {
    await load();
    const opened = vi.fn();
    yingda("on", "open", opened);
    (window as unknown as { yingda: unknown }).yingda = Object.assign(() => undefined, { q: [["open", { ask: "?" }]] });
    await load();
    expect(opened).toHaveBeenCalledOnce();
    ready();
    expect(last()).toMatchObject({ open: { ask: "?" } });
  });

  it.each([
    [{ product: "g-001" }, {}, { product: "g-002" }, "g-002"],
    [{ product: "g-001" }, {}, {}, null],
    [{ product: "g-001" }, { product: "g-007" }, {}, "g-007"],
    [{}, { product: "g-007" }, {}, "g-007"],
  ])("is about the product of its last tag or call: %o, then %o, then %o", async (one, call, two, product) => {
    await load({ site: "demo", ...one } as Record<string, string>);
    yingda("update", call);
    await load({ site: "demo", ...two } as Record<string, string>);
    button().click();
    ready();
    expect(last()?.product).toBe(product);
  });

  it("becomes another site's, with another chat", async () => {
    await load();
    button().click();
    ready();
    fromFrame({ do: "unread", n: 2 });
    yingda("boot", { site: "other" });
    expect(hosts()).toHaveLength(1);
    expect([frame(), badge().hidden, button().hidden]).toEqual([null, true, false]);
    button().click();
    expect(frame().src).toContain("site=other");
  });

  it("opens what was asked for before it had a site", async () => {
    await load({});
    yingda("open", { product: "g-001" });
    yingda("boot", { site: "demo" });
    ready();
    expect(last()).toMatchObject({ do: "init", open: { product: "g-001" } });
  });
});

describe("a page that comes back from the back-forward cache", () => {
  const comeBack = () => {
    dispatchEvent(new Event("pagehide"));
    dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  };

  it("closes what was closed in the tab since, and opens what was opened", async () => {
    await load();
    button().click();
    comeBack();
    expect(frame().hidden).toBe(false);
    sessionStorage.setItem("yingda.demo.", "closed");
    comeBack();
    expect(frame().hidden).toBe(true);
    sessionStorage.setItem("yingda.demo.", "open");
    comeBack();
    expect([frame().hidden, hosts().length]).toEqual([false, 1]);
  });
});

describe("windows of one tab", () => {
  /** A loader in another window. */
  function other(rank: number, site = "demo") {
    const one = { d: { defaultView: window } as object, rank, site, api: vi.fn(), tell: vi.fn(), settle: vi.fn() };
    all().add(one);
    return one;
  }
  type Loader = Omit<ReturnType<typeof other>, "d"> & { d: object };
  const all = () => {
    const page = window as unknown as { yingdaLoaders?: Set<Loader> };
    return (page.yingdaLoaders ??= new Set());
  };
  const ours = () => [...all()].find(({ d }) => d === document) as Loader;

  it("leave the launcher to the outer one, and hand their calls to it", async () => {
    const outer = other(-2e6);
    await load();
    expect(hosts()).toEqual([]);
    yingda("open", { ask: "?" });
    yingda("update", { product: "g-001" });
    expect(outer.api.mock.calls).toEqual([
      ["open", { ask: "?" }, undefined],
      ["update", { product: "g-001" }, undefined],
    ]);
    const heard = vi.fn();
    yingda("on", "unread", heard);
    ours().tell("unread", 3);
    expect(heard).toHaveBeenCalledWith(3);
  });

  it("hear what happens in the one that has the chat", async () => {
    const inner = other(1e9);
    await load();
    button().click();
    expect(inner.tell).toHaveBeenCalledWith("open", undefined);
  });

  it("of which the outer one comes later give it up, and have it again when that is gone", async () => {
    small();
    await load();
    button().click();
    const outer = other(-2e6);
    ours().settle();
    expect([hosts(), document.body.hasAttribute("inert")]).toEqual([[], false]);
    all().delete(outer);
    ours().settle();
    expect(hosts()).toHaveLength(1);
    yingda("open");
    expect(frame().hidden).toBe(false);
  });

  it("do not wait for one whose page is gone", async () => {
    const gone = other(-2e6);
    gone.d = { defaultView: null };
    await load();
    expect(hosts()).toHaveLength(1);
    expect(gone.settle).not.toHaveBeenCalled();
  });

  it("tell the others when their page ends", async () => {
    const inner = other(1e9);
    await load();
    const later = vi.spyOn(window, "setTimeout").mockReturnValue(0 as unknown as ReturnType<typeof setTimeout>);
    dispatchEvent(new Event("pagehide"));
    expect(later).toHaveBeenCalledWith(inner.settle, 2000);
    later.mockRestore();
    expect(ours()).toBeUndefined();
  });

  it("have a launcher each where they are of different sites", async () => {
    other(-2e6, "other");
    await load();
    expect(hosts()).toHaveLength(1);
  });
});

describe("somebody who has a conversation here", () => {
  it.each([
    ["a stranger", {}, false],
    ["who only chose a text size", { "yingda.demo.scale": "150" }, false],
    ["who is known at another site", { "yingda.other.known": "1" }, false],
    ["whose conversation is in the frame's storage", { "yingda.demo.known": "1" }, true],
    ["whose conversation is in the page's storage", { "yingda.demo.sealed": "s1" }, true],
    ["who wrote on a page of ours", { "yingda.demo.device": "d1" }, true],
  ])("is shown what was answered without coming near; %s", async (_, kept: Record<string, string>, isLoaded) => {
    for (const [name, value] of Object.entries(kept)) localStorage.setItem(name, value);
    await load();
    expect(!!frame()).toBe(isLoaded);
    if (!isLoaded) return;
    expect(frame().hidden).toBe(true);
    ready();
    expect(last()).toMatchObject({ do: "init", open: null });
    fromFrame({ do: "unread", n: 1 });
    expect(button().getAttribute("aria-label")).toBe("Ask us, 1 unread");
  });

  it("is shown it also on a phone, where the chat does not open by itself", async () => {
    small();
    localStorage.setItem("yingda.demo.known", "1");
    await load();
    expect(frame().hidden).toBe(true);
  });

  it("is known in the tabs that were open already when they are looked at again", async () => {
    await load();
    setHidden(true);
    localStorage.setItem("yingda.demo.known", "1");
    expect(frame()).toBeNull();
    setHidden(false);
    expect(frame().hidden).toBe(true);
  });

  it("is a stranger where storage is refused", async () => {
    vi.stubGlobal("localStorage", undefined);
    await load();
    expect([hosts().length, frame()]).toEqual([1, null]);
  });
});

describe("what belongs to the page", () => {
  it.each([
    ["(3) My shop", 0, "(3) My shop"],
    ["(3) My shop", 2, "(2) (3) My shop"],
    ["My shop", 12, "(9+) My shop"],
    ["$& and $1", 1, "(1) $& and $1"],
    ["", 1, "(1)"],
  ])("the title %j, with %i unread", async (title, n, hidden) => {
    document.title = title;
    await load();
    button().click();
    ready();
    for (const _ of [1, 2]) {
      setHidden(true);
      fromFrame({ do: "unread", n });
      expect(document.title).toBe(hidden);
      yingda("update");
      expect(last()).toMatchObject({ page: { title } });
      setHidden(false);
      expect(document.title).toBe(title);
    }
  });

  it("a title that it changes while it is hidden", async () => {
    await load();
    button().click();
    ready();
    setHidden(true);
    fromFrame({ do: "unread", n: 1 });
    document.title = "(1) New in the shop";
    fromFrame({ do: "unread", n: 2 });
    expect(document.title).toBe("(2) (1) New in the shop");
    setHidden(false);
    expect(document.title).toBe("(1) New in the shop");
  });

  it.each([[null], [{ page: 7 }], ["text"], [5], [[1, 2]]])("the state of its history: %j", async (state) => {
    small();
    history.replaceState(state, "");
    let done = (): void => undefined;
    const popped = () => new Promise<void>((resolve) => (done = resolve));
    // before the loader, which keeps it from those that come after it
    addEventListener("popstate", () => done(), true);
    const router = vi.fn();
    await load();
    addEventListener("popstate", router);
    for (const leave of [() => fromFrame({ do: "close" }), () => history.back()]) {
      button().click();
      ready();
      expect(history.state).toEqual(state);
      const left = popped();
      leave();
      await left;
      expect(history.state).toEqual(state);
      expect(frame().hidden).toBe(true);
    }
    expect(router).not.toHaveBeenCalled();
    // and its own steps are its own
    history.pushState({ own: 1 }, "", "#own");
    const left = popped();
    history.back();
    await left;
    expect(router).toHaveBeenCalledTimes(1);
  });

  it("a step that it made while the chat covered it", async () => {
    small();
    history.replaceState(null, "", "/shop");
    await load();
    const router = vi.fn();
    addEventListener("popstate", router);
    button().click();
    history.pushState(null, "", "/shop/cart");
    const back = vi.spyOn(history, "back");
    fromFrame({ do: "close" });
    yingda("close");
    expect(back).not.toHaveBeenCalled();
    expect(location.pathname).toBe("/shop/cart");
    button().click();
    history.pushState(null, "", "/shop/help");
    dispatchEvent(new PopStateEvent("popstate"));
    expect(router).toHaveBeenCalledTimes(1);
    history.replaceState(null, "", "/");
  });

  it("what is inert in it", async () => {
    small();
    await load();
    const inert = () => document.body.getAttribute("inert");
    button().click();
    expect(inert()).toBe("yingda");
    // the body of the next page, which the chat covers as well
    const copy = document.body.cloneNode(true);
    document.body.replaceWith(body());
    await noticed();
    expect(inert()).toBe("yingda");
    yingda("close");
    expect(inert()).toBeNull();
    // a copy that the page has kept, and shows again
    document.body.replaceWith(copy);
    await noticed();
    expect(inert()).toBeNull();
    document.body.setAttribute("inert", "");
    yingda("open");
    yingda("close");
    expect(inert()).toBe("");
  });

  it("the focus: back to what opened the chat, and never away from what has it", async () => {
    await load();
    const [opener, field] = [document.createElement("button"), document.createElement("input")];
    document.body.append(opener, field);
    opener.focus();
    yingda("open");
    expect(document.activeElement).toBe(host());
    yingda("close");
    expect(document.activeElement).toBe(opener);
    yingda("open");
    field.focus();
    yingda("close");
    expect(document.activeElement).toBe(field);
    opener.focus();
    yingda("open");
    document.body.replaceWith(body());
    yingda("close");
    expect(host().shadowRoot?.activeElement).toBe(button());
  });

  it("a name that is none of ours", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await load();
    for (const name of ["constructor", "__proto__", "toString", undefined]) yingda(name);
    expect(warn).toHaveBeenCalledTimes(4);
    const heard = vi.fn();
    yingda("on", "constructor", heard);
    button().click();
    fromFrame({ do: "event", name: "constructor" });
    expect(heard).toHaveBeenCalledOnce();
  });
});

it("ends with its page", async () => {
  await load();
  endPage();
  await noticed();
  expect(hosts()).toEqual([]);
});
