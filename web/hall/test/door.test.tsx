import { Problem } from "@yingda/api/client";
import { render, type ComponentChild } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { RegisterPage } from "../src/pages/account/door";
import "../src/pages/account/words";
import { forget } from "../src/resource";
import { Field, type Act } from "../src/ui/form";

const context = {
  words: i18n("en"),
  prefs: {},
  change: () => undefined,
  name: "",
  site: null,
} as unknown as HallContext;
const inHall = (page: ComponentChild): void =>
  render(<Context.Provider value={context}>{page}</Context.Provider>, document.body);
const json = (body: unknown): Response =>
  new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });

beforeEach(() => forget(""));
afterEach(() => {
  render(null, document.body);
  vi.unstubAllGlobals();
});

describe("the door", () => {
  it("focuses the refused field at once, not when somebody types elsewhere already", () => {
    const refused: Act = {
      busy: false,
      problem: new Problem({ code: "identifier_invalid", field: "identifier" }, 422),
      wait: 0,
      run: async () => undefined,
      clear: () => undefined,
    };
    inHall(<Field label="Address" value="12345" onValue={() => undefined} act={refused} field="identifier" />);
    expect(document.querySelector("[role=alert]")?.textContent).not.toBe("");
    expect(document.activeElement).toBe(document.querySelector("input"));
  });

  it("waits until it knows whose hall it is, for somebody quicker than that", async () => {
    let tell = (): void => undefined;
    const asked: unknown[] = [];
    vi.stubGlobal("fetch", (url: string, how?: RequestInit) => {
      if (url.endsWith("/hall")) return new Promise((resolve) => (tell = () => resolve(json({ site: "demo" }))));
      if (url.endsWith("/puzzle")) return Promise.resolve(json({ puzzle: "p", bits: 0 }));
      asked.push(JSON.parse(String(how?.body)));
      return Promise.resolve(json({ handle: "h", expires_at: 0 }));
    });
    await act(() => inHall(<RegisterPage query={new URLSearchParams()} />));
    await act(() => void document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true })));
    await vi.waitFor(() => {
      tell();
      expect(asked).toHaveLength(1);
    });
    expect(asked).toMatchObject([{ site: "demo" }]);
  });
});
