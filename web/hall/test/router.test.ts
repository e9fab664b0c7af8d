import { beforeEach, describe, expect, it, vi } from "vitest";
import { go, hrefWith, isOurs, parseRoute } from "../src/router";

const route = (address: string) => {
  const url = new URL(address, "https://hall.example");
  return parseRoute(url.pathname, url.searchParams);
};

describe("parseRoute", () => {
  it.each([
    ["/", { name: "home" }],
    ["/goods", { name: "goods" }],
    ["/goods/", { name: "goods" }],
    ["/goods/g-001", { name: "product", id: "g-001" }],
    ["/goods/a%2Fb", { name: "product", id: "a/b" }],
    ["/goods/%E0%A4%A", { name: "missing" }],
    ["/plans", { name: "plans" }],
    ["/search?q=%20lamp%20", { name: "search", q: "lamp" }],
    ["/search", { name: "search", q: "" }],
    ["/console", { name: "missing" }],
    ["/sign-in", { name: "sign-in" }],
    ["/account/", { name: "account" }],
    [
      "/account/conversations/cnv_00000000000000000000000000000001",
      { name: "talk", id: "cnv_00000000000000000000000000000001" },
    ],
    ["/account/conversations/cnv_1", { name: "missing" }],
    ["/goods/x/y", { name: "missing" }],
  ])("%s", (address, expected) => {
    expect(route(address)).toEqual(expected);
  });
});

describe("hrefWith", () => {
  it("sets and takes away words of the address", () => {
    const query = new URLSearchParams("category=phone&stock=1");
    expect(hrefWith("/goods", query, { stock: "", sort: "price-asc" })).toBe("/goods?category=phone&sort=price-asc");
    expect(hrefWith("/goods", query, { stock: "", category: "" })).toBe("/goods");
    expect(query.toString()).toBe("category=phone&stock=1");
  });
});

describe("isOurs", () => {
  const link = (href: string, more: Record<string, string> = {}): HTMLAnchorElement => {
    const made = document.createElement("a");
    made.href = href;
    for (const [name, value] of Object.entries(more)) made.setAttribute(name, value);
    return made;
  };
  const press = (more: MouseEventInit = {}) => new MouseEvent("click", { button: 0, ...more });

  it("takes plain presses on the hall's pages", () => {
    expect(isOurs(press(), link("/goods/g-001"))).toBe(true);
    expect(isOurs(press(), link("/goods?category=phone"))).toBe(true);
  });

  it("leaves new tabs, other sites, other apps, downloads and fragments to the browser", () => {
    expect(isOurs(press({ ctrlKey: true }), link("/goods"))).toBe(false);
    expect(isOurs(press({ button: 1 }), link("/goods"))).toBe(false);
    expect(isOurs(press(), link("https://elsewhere.example/goods"))).toBe(false);
    expect(isOurs(press(), link("/c/demo"))).toBe(false);
    expect(isOurs(press(), link("/goods", { download: "" }))).toBe(false);
    expect(isOurs(press(), link("/goods", { target: "_blank" }))).toBe(false);
    expect(isOurs(press(), link("#compare"))).toBe(false);
  });
});

describe("go", () => {
  beforeEach(() => {
    vi.stubGlobal("scrollTo", vi.fn());
    history.replaceState(null, "", "/");
  });

  it("adds a page to the history, or replaces the words of this one", () => {
    const before = history.length;
    go("/goods");
    expect(location.pathname).toBe("/goods");
    expect(history.length).toBe(before + 1);
    go("/goods?stock=1", { replace: true });
    expect(location.search).toBe("?stock=1");
    expect(history.length).toBe(before + 1);
  });
});
