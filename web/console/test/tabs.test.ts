import { beforeEach, describe, expect, it, vi } from "vitest";
import type * as Real from "@yingda/api/stream";
import { openShared } from "../src/live/tabs/shared";
import { Browser, FakeServer, randomOf, type Tab } from "./tabs-world";

let server: FakeServer;
let browser: Browser;
let random: () => number;

async function begin(seed: number) {
  vi.useFakeTimers({ now: 1_795_000_000_000 });
  random = randomOf(seed);
  // The tests' own tools use it too, so it has numbers of its own.
  vi.spyOn(Math, "random").mockImplementation(randomOf(seed + 1));
  server = new FakeServer();
  const { openStream } = await vi.importActual<typeof Real>("@yingda/api/stream");
  browser = new Browser(server, random, openStream);
}
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const textsOf = (entries: readonly { body: unknown }[]) => entries.map(({ body }) => (body as { text: string }).text);

/** Each tab has the log as the server has it, whether or not it has all of its beginning. */
function haveTheLog(tabs: readonly Tab[]) {
  for (const { view, tenantSeq } of tabs) {
    const { seq, entries } = view;
    expect(seq).toBe(server.logs.cnv_1.length);
    expect(textsOf(entries)).toEqual(textsOf(server.logs.cnv_1).slice(-entries.length));
    expect(entries.length).toBeGreaterThanOrEqual(Math.min(5, server.logs.cnv_1.length));
    expect(tenantSeq).toBe(server.logs.tnt_1.length);
  }
}

async function end() {
  for (const tab of browser.living) tab.stream.stop();
  await wait(100);
}

beforeEach(() => begin(1));

describe("the tabs of the console", () => {
  it("have one connection, and each its own messages", async () => {
    const [a, b, c] = [browser.open(), browser.open(), browser.open()];
    await wait(500);
    expect(server.connections.size).toBe(1);
    a.say("from a");
    b.say("from b");
    server.append("cnv_1", "from the customer");
    server.append("tnt_1", "");
    await wait(500);
    haveTheLog([a, b, c]);
    expect(server.logs.cnv_1).toHaveLength(3);
    expect([a, b, c].map(({ unsent }) => unsent.length)).toEqual([0, 0, 0]);
    const acknowledged = ({ heard }: Tab) => heard.filter(({ t }) => t === "ok").length;
    expect([a, b, c].map(acknowledged)).toEqual([1, 1, 0]);
    await end();
    expect(server.connections.size).toBe(0);
  });

  it("go on when the one that leads is closed in the middle of a send", async () => {
    const [a, b] = [browser.open(), browser.open()];
    await wait(500);
    b.say("one");
    b.say("two");
    a.die();
    b.say("three");
    server.append("cnv_1", "meanwhile");
    await wait(3_000);
    expect(server.connections.size).toBe(1);
    expect(b.unsent).toEqual([]);
    haveTheLog([b]);
    expect(textsOf(server.logs.cnv_1).filter((text) => text !== "meanwhile")).toEqual(["one", "two", "three"]);
    await end();
  });

  it("give a tab that was asleep what it missed, from its cursor on, and the others nothing twice", async () => {
    const [a, b] = [browser.open(), browser.open()];
    for (let n = 0; n < 10; n++) server.append("cnv_1", `early ${n}`);
    await wait(500);
    b.freeze();
    await wait(30_000);
    for (let n = 0; n < 30; n++) server.append("cnv_1", `late ${n}`);
    await wait(500);
    const heard = a.heard.length;
    b.thaw();
    await wait(15_000);
    haveTheLog([a, b]);
    expect(b.view.entries.length).toBeGreaterThanOrEqual(35);
    expect(a.heard.slice(heard).filter(({ t }) => t === "entries" || t === "reset")).toEqual([]);
    await end();
  });

  it("do without a leader that hangs, which follows when it is awake again", async () => {
    const [a, b, c] = [browser.open(), browser.open(), browser.open()];
    await wait(500);
    a.freeze();
    await wait(25_000);
    b.say("still here");
    await wait(1_000);
    expect(textsOf(server.logs.cnv_1)).toEqual(["still here"]);
    haveTheLog([b, c]);
    a.thaw();
    await wait(10_000);
    expect(server.connections.size).toBe(1);
    haveTheLog([a, b, c]);
    await end();
  });

  it("tell of the same connection, and nobody mixes with somebody else", async () => {
    const [a, b, other] = [browser.open(), browser.open(), browser.open("bob")];
    await wait(500);
    expect(server.connections.size).toBe(2);
    expect([a, b, other].map(({ status }) => status?.state)).toEqual(["live", "live", "live"]);
    server.isAway = true;
    for (const one of [...server.connections]) one.cut();
    await wait(15_000);
    expect([a, b].map(({ status }) => status?.state)).toEqual(["down", "down"]);
    // Just now one may know what the other does not.
    for (let n = 0; n < 400 && (a.status?.retryAt === null || b.status?.retryAt !== a.status?.retryAt); n++)
      await wait(50);
    expect(b.status?.retryAt).toBe(a.status?.retryAt);
    expect(b.status?.retryAt).not.toBeNull();
    server.isAway = false;
    b.stream.retryNow();
    await wait(1_500);
    expect([a, b].map(({ status }) => status?.state)).toEqual(["live", "live"]);
    await end();
  });

  it("are told, each by itself, that their release is too old, and leave the lead to others", async () => {
    server.isNewer = true;
    const [a, b] = [browser.open(), browser.open()];
    await wait(20_000);
    const told = ({ heard }: Tab) => heard.filter((one) => one.t === "no" && one.code === "upgrade_required").length;
    expect([told(a), told(b)]).toEqual([1, 1]);
    server.isNewer = false;
    const c = browser.open();
    await wait(1_000);
    expect(c.status?.state).toBe("live");
    await end();
  });

  it("show the history that counts after one was rewound", async () => {
    const [a, b] = [browser.open(), browser.open()];
    for (let n = 0; n < 3; n++) server.append("cnv_1", `lost ${n}`);
    await wait(500);
    server.rewind();
    for (let n = 0; n < 4; n++) server.append("cnv_1", `new ${n}`);
    await wait(10_000);
    haveTheLog([a, b]);
    await end();
  });

  it("make one sound: the tab used last, or the one that leads", async () => {
    const [a, b, c] = [browser.open(), browser.open(), browser.open()];
    await wait(500);
    const first = () => [a, b, c].filter((one) => !one.isDead && one.stream.isFirst());
    expect(first()).toEqual([a]);
    b.hasFocus = true;
    a.die();
    await wait(500);
    expect(first()).toEqual([b]);
    // Losing the connection is no change of tabs.
    for (const one of [...server.connections]) one.cut();
    await wait(5_000);
    expect(first()).toEqual([b]);
    b.hasFocus = false;
    b.die();
    await wait(20_000);
    expect(first()).toEqual([c]);
    await end();
  });

  it("each have their own connection where tabs cannot find each other", () => {
    const shared = openShared({} as Parameters<typeof openShared>[0], "ada", null);
    expect(shared.isFirst()).toBe(true);
  });

  it.each(Array.from({ length: 10 }, (_, n) => n + 11))(
    "lose, repeat and reorder nothing, whatever dies when (%i)",
    async (seed) => {
      vi.useRealTimers();
      await begin(seed * 7919);
      browser.open();
      browser.open();
      const said = new Map<string, string[]>();
      let n = 0;
      const acts: (() => void)[] = [
        () => {
          const tab = one();
          const text = `${tab.id} ${String(n++)}`;
          tab.say(text);
          said.set(tab.id, [...(said.get(tab.id) ?? []), text]);
        },
        () => void server.append("cnv_1", `customer ${String(n++)}`),
        () => void server.append("tnt_1", ""),
        () => {
          if (browser.living.length < 5) browser.open();
        },
        () => {
          if (browser.living.length > 1) one().die();
        },
        () => {
          for (const connection of [...server.connections]) if (random() < 0.5) connection.cut();
        },
        () => {
          const tab = one();
          tab.freeze();
          setTimeout(() => tab.thaw(), random() * 20_000);
        },
      ];
      const weights = [10, 8, 3, 1.5, 1.5, 0.7, 0.3];
      const one = () => browser.living[Math.floor(random() * browser.living.length)] as Tab;
      for (let step = 0; step < 250; step++) {
        let at = random() * weights.reduce((sum, weight) => sum + weight, 0);
        acts[weights.findIndex((weight) => (at -= weight) < 0)]?.();
        await wait(random() < 0.1 ? random() * 6_000 : random() * 60);
      }
      await wait(90_000);
      haveTheLog(browser.living);
      expect(server.connections.size).toBe(1);
      for (const tab of browser.living) expect([tab.id, tab.unsent]).toEqual([tab.id, []]);
      const all = textsOf(server.logs.cnv_1);
      for (const [id, texts] of said) expect(all.filter((text) => text.startsWith(`${id} `))).toEqual(texts);
      await end();
    },
  );
});
