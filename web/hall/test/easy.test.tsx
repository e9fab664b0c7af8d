import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { Person } from "../src/pages/easy-person";
import { forget } from "../src/resource";
import { waitNote } from "../src/waits";

const later = new Date("2026-11-27T18:00:00").getTime();
let service: object = {};

beforeEach(() => {
  forget("");
  vi.useFakeTimers({ now: new Date("2026-11-27T12:00:00"), toFake: ["Date"] });
  vi.stubGlobal("fetch", async (url: string) =>
    Response.json(
      url.endsWith("/hall")
        ? { site: "main", tenant: { zh: "甲", en: "Alpha" }, side: "end", goods: 0, plans: 0 }
        : { key: "main", questions: [], service },
    ),
  );
});
afterEach(() => {
  render(null, document.body);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([
  [{ open: true, staffed: true, free: true, wait_minutes: null, opens_at: null, promised_by: later }, "真人客服在线。"],
  [
    { open: true, staffed: true, free: false, wait_minutes: 19, opens_at: null, promised_by: later },
    "有同事在，约等 19 分钟。",
  ],
  [
    { open: true, staffed: true, free: false, wait_minutes: 61, opens_at: null, promised_by: later },
    "有同事在，要等 1 小时以上。",
  ],
  [
    { open: true, staffed: true, free: false, wait_minutes: null, opens_at: null, promised_by: later },
    "同事都在忙，要等一会儿。",
  ],
  [
    { open: true, staffed: false, opens_at: null, promised_by: later },
    "现在没有同事在。可以先打字等着，也可以留言，今天 18:00 前答复。",
  ],
  [{ open: true, staffed: false, opens_at: null, promised_by: null }, "现在没有同事在。可以先打字等着，也可以留言。"],
  [{ open: false, staffed: false, opens_at: later, promised_by: later }, "客服今天 18:00 上班。现在可以留言。"],
  [{ open: false, staffed: true, opens_at: null, promised_by: null }, "客服暂时都不在，可以留言。"],
])("easy mode says whether somebody is there: %j", async (now, words) => {
  service = now;
  const context = { words: i18n("zh-CN"), prefs: { lang: "zh-CN", easy: 150 }, site: "main" } as unknown as HallContext;
  await act(() =>
    render(
      <Context.Provider value={context}>
        <Person unread={0} />
      </Context.Provider>,
      document.body,
    ),
  );
  await vi.waitFor(() => expect(document.querySelector(".easy-person p")?.textContent).toContain(words));
});

it.each([
  [{ open: true, staffed: true, free: true, wait_minutes: null }, ""],
  [{ open: true, staffed: true, free: false, wait_minutes: 1 }, "about 1 minute"],
  [{ open: true, staffed: true, free: false, wait_minutes: 19 }, "about 19 minutes"],
  [{ open: true, staffed: true, free: false, wait_minutes: 61 }, "over an hour"],
  [{ open: true, staffed: true, free: false, wait_minutes: null }, "there is a wait"],
  [{ open: true, staffed: false, free: false, wait_minutes: null }, "nobody here now: leave a message"],
  [{ open: false, staffed: true, free: true, wait_minutes: null }, "leave a message"],
])("the way to a person says the wait: %j", (now, words) => {
  const rest = { opens_at: null, promised_by: null, asks_rating: true, rating_reasons: [] };
  expect(waitNote({ ...now, ...rest }, i18n("en"))).toBe(words);
});
