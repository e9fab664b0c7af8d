import type { Consents } from "@yingda/api/types";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setAccount } from "../src/account";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { PrivacyPage } from "../src/pages/account/privacy";
import "../src/pages/account/words";
import { forget } from "../src/resource";

const settle = (): Promise<void> => act(async () => new Promise((done) => setTimeout(done, 0)));
const since = Date.UTC(2026, 4, 1);
let consents: Consents;
let asked: { line: string; body: unknown }[] = [];

async function show(): Promise<string> {
  const words = i18n("en");
  const context = { words, prefs: { lang: "en", easy: null }, name: "Alpha", site: "main" } as unknown as HallContext;
  await act(() =>
    render(
      <Context.Provider value={context}>
        <PrivacyPage />
      </Context.Provider>,
      document.body,
    ),
  );
  for (let round = 0; round < 5; round++) await settle();
  return document.body.textContent ?? "";
}
const region = (name: string): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>("section")].find((one) => one.querySelector("h2")?.textContent === name);
async function press(inside: string, name: string): Promise<void> {
  const button = [...(region(inside)?.querySelectorAll("button") ?? [])].find((one) => one.textContent === name);
  await act(() => button?.click());
  for (let round = 0; round < 8; round++) await settle();
}

beforeEach(() => {
  forget("");
  asked = [];
  consents = {
    wording: 1,
    purposes: [
      { purpose: "pages", used: true, granted: true, since, place: "widget" },
      { purpose: "profile", used: true, granted: null, since: null, place: null },
      { purpose: "recommendations", used: false, granted: null, since: null, place: null },
    ],
  };
  vi.stubGlobal("fetch", (url: string, init: RequestInit = {}) => {
    const path = url.replace(/^.*\/api\/v1/, "");
    asked.push({ line: `${init.method ?? "GET"} ${path}`, body: init.body ? JSON.parse(String(init.body)) : null });
    if (init.method === "PUT") {
      const { answers } = JSON.parse(String(init.body)) as { answers: { purpose: string; granted: boolean }[] };
      const given = new Map(answers.map((one) => [one.purpose, one.granted]));
      consents = {
        ...consents,
        purposes: consents.purposes.map((one) => {
          const granted = given.get(one.purpose);
          return granted === undefined ? one : { ...one, granted, since, place: "hall" as const };
        }),
      };
    }
    const found = path === "/hall" ? { site: "demo" } : consents;
    return Promise.resolve(new Response(JSON.stringify(found), { headers: { "Content-Type": "application/json" } }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  render(null, document.body);
});

describe("the page of what may be kept", () => {
  it("shows a customer each purpose with its state, and stores what they change", async () => {
    setAccount({ id: "cst_1" } as never);
    const text = await show();
    expect(text).toContain("You agreed on");
    expect(region("What you ask about")?.textContent).toContain("You have not answered");
    expect(region("What you look at, and recommendations")).toBeUndefined();
    await press("The page you are on", "Withdraw and delete");
    expect(asked.at(-1)).toEqual({
      line: "PUT /customer/consents",
      body: { answers: [{ purpose: "pages", granted: false }], wording: 1, place: "hall" },
    });
    expect(region("The page you are on")?.textContent).toContain("Nothing is kept");
    await press("What you ask about", "Agree");
    expect(region("What you ask about")?.textContent).toContain("You agreed on");
  });

  it("asks nothing of a visitor who was never here", async () => {
    setAccount(null);
    localStorage.clear();
    expect(await show()).toContain("Nothing is kept about you");
    expect(asked.filter(({ line }) => line.includes("consents"))).toEqual([]);
  });
});
