import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openStream, type EventStream, type Status, type StreamOptions } from "../src/stream";
import { FakeSocket, fakeFetch, welcome } from "./fakes";

/** What the stream reports about itself under every fault, and how it reacts. */
const A = "cnv_a";
let streams: EventStream[] = [];
let net: ReturnType<typeof fakeFetch>;
/** whether the server answers pings, as a healthy one does */
let answers = true;

function make(o: Partial<StreamOptions> = {}) {
  const states: (Status & { at: number })[] = [];
  const mode = { attentive: true, cursor: null as number | null };
  const s = openStream({
    base: "http://host",
    onFrame: () => undefined,
    onStatus: (x) => states.push({ ...x, at: Date.now() }),
    attentive: () => mode.attentive,
    hello: () => ({ cursors: { [A]: mode.cursor } }),
    ...o,
  });
  streams.push(s);
  return { s, states, mode, downAt: () => states.find((x) => x.state === "down")?.at ?? Infinity };
}
const moving: Record<string, unknown> = { t: "no", code: "moving" };
const entry = (seq: number): Record<string, unknown> => ({ t: "entries", stream: A, entries: [{ seq }] });
/** Lets time pass, a tenth of a second at a time, with a server that answers pings. */
async function pass(ms: number): Promise<void> {
  for (let t = 0; t < ms; t += 100) {
    await vi.advanceTimersByTimeAsync(100);
    const ws = FakeSocket.all.at(-1);
    if (answers && ws?.readyState === 1) {
      const pings = ws.of("ping").length;
      for (; told(ws) < pings; pongs.set(ws, told(ws) + 1)) ws.say({ t: "pong", heads: {} });
    }
  }
}
const pongs = new Map<FakeSocket, number>();
const told = (ws: FakeSocket) => pongs.get(ws) ?? 0;
const texts = (list: Record<string, unknown>[]) => list.map((f) => (f.body as { text: string }).text);
async function live(o: Partial<StreamOptions> = {}) {
  const m = make(o);
  m.s.start();
  await vi.advanceTimersByTimeAsync(0);
  FakeSocket.last.say(welcome);
  return m;
}
/** Live on the event stream, because sockets do not get through. */
async function liveOnStream(o: Partial<StreamOptions> = {}) {
  FakeSocket.mode = "refuse";
  const m = make(o);
  m.s.start();
  await vi.advanceTimersByTimeAsync(1);
  net.of("/rt/events")[0]?.push(welcome);
  await vi.advanceTimersByTimeAsync(0);
  return m;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  FakeSocket.all = [];
  FakeSocket.mode = "open";
  answers = true;
  vi.stubGlobal("WebSocket", FakeSocket);
  net = fakeFetch();
});
afterEach(() => {
  for (const s of streams) s.stop();
  streams = [];
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a loss in one direction", () => {
  for (const offset of [0, 1300, 2600, 3900, 4900])
    it(`is told within 10 s when the server hears nothing, though it goes on talking (${offset} ms after the last ping)`, async () => {
      const { downAt } = await live();
      await pass(5000 + offset);
      const lost = Date.now();
      answers = false;
      FakeSocket.mode = "hang";
      for (let t = 0; t < 12; t++) {
        await pass(1000);
        if (FakeSocket.all[0]?.readyState === 1)
          FakeSocket.all[0].say({ t: "typing", conversation: A, by: "agent", on: true });
      }
      expect(downAt() - lost).toBeLessThanOrEqual(10_000);
    });

  for (const offset of [0, 2400, 4900])
    it(`is told within 10 s when nothing arrives any more (${offset} ms after the last ping)`, async () => {
      const { s, downAt } = await live();
      await pass(5000 + offset);
      const lost = Date.now();
      answers = false;
      FakeSocket.mode = "hang";
      s.send(A, { type: "text", text: "1" });
      await pass(12_000);
      expect(downAt() - lost).toBeLessThanOrEqual(10_000);
    });

  it("is told within 10 s of a send, even to who is not waiting for anybody", async () => {
    const { s, mode, downAt } = await live();
    mode.attentive = false;
    answers = false;
    await pass(20_000);
    FakeSocket.mode = "hang";
    const sent = Date.now();
    s.send(A, { type: "text", text: "1" });
    await pass(12_000);
    expect(downAt() - sent).toBeLessThanOrEqual(10_000);
    expect(s.pending(A)).toHaveLength(1);
  });

  it("is not suspected of a line with four seconds less a bit of delay", async () => {
    const { s, states } = await live();
    answers = false;
    for (let i = 0; i < 30; i++) {
      await pass(1000);
      const ws = FakeSocket.last;
      const due = ws.of("ping").length;
      if (told(ws) < due) void vi.advanceTimersByTimeAsync(0).then(() => setTimeout(() => ws.say({ t: "pong" }), 2500));
      pongs.set(ws, due);
    }
    expect(states.map((x) => x.state)).toEqual(["connecting", "live"]);
    expect(s.status.state).toBe("live");
  });
});

describe("being back", () => {
  it("is said when everything that was missed is here, not when the greeting is", async () => {
    const { s, states, mode } = await live();
    mode.cursor = 3;
    FakeSocket.mode = "refuse";
    FakeSocket.last.cut();
    await pass(1000);
    expect(s.status.state).toBe("down");
    FakeSocket.mode = "open";
    await pass(2000);
    FakeSocket.last.say({ ...welcome, heads: { [A]: 5 } });
    expect(s.status).toMatchObject({ state: "down", reached: true, retryAt: null });
    FakeSocket.last.say(entry(4));
    expect(s.status.state).toBe("down");
    FakeSocket.last.say(entry(5));
    expect(s.status.state).toBe("live");
    expect(states.filter((x) => x.state === "live")).toHaveLength(2);
  });

  it("takes a reset, or the end of a stream, for being current with it", async () => {
    const { s } = make();
    s.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeSocket.last.say({ ...welcome, heads: { [A]: 5 } });
    expect(s.status.state).toBe("connecting");
    FakeSocket.last.say({ t: "reset", stream: A, generation: "g1", seq: 5, state: null, marks: null, entries: [] });
    expect(s.status.state).toBe("live");
    FakeSocket.last.cut();
    await pass(1000);
    FakeSocket.last.say({ ...welcome, heads: { [A]: 6 } });
    FakeSocket.last.say({ t: "gone", stream: A, code: "no_access" });
    expect(s.status.state).toBe("live");
  });

  it("is not waited for without end: a server that names a number and never sends it", async () => {
    const { s } = make();
    s.start();
    await vi.advanceTimersByTimeAsync(0);
    FakeSocket.last.say({ ...welcome, heads: { [A]: 5 } });
    await pass(12_000);
    expect(s.status.state).toBe("live");
  });

  it("sends what waited before it is current", async () => {
    const { s } = await live();
    FakeSocket.last.cut();
    s.send(A, { type: "text", text: "1" });
    await pass(1000);
    FakeSocket.last.say({ ...welcome, heads: { [A]: 5 } });
    expect(texts(FakeSocket.last.of("send"))).toEqual(["1"]);
  });
});

describe("what is said meanwhile", () => {
  it("is whether the device has no network or the server is not reached, and when the next attempt is", async () => {
    const { s } = await live({ transports: ["ws"] });
    FakeSocket.mode = "refuse";
    dispatchEvent(new Event("offline"));
    expect(s.status).toMatchObject({ state: "down", offline: true, reached: false });
    dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(1);
    expect(s.status).toMatchObject({ state: "down", offline: false });
    expect(s.status.retryAt).toBeGreaterThan(Date.now());
    FakeSocket.mode = "hang";
    s.retryNow();
    expect(s.status).toMatchObject({ state: "down", retryAt: null });
  });
});

describe("a server that moves", () => {
  it("is followed without a word, though the first attempt finds nobody", async () => {
    const { s, states } = await live();
    FakeSocket.last.say(moving);
    FakeSocket.last.cut(1012);
    FakeSocket.mode = "refuse";
    await pass(700);
    FakeSocket.mode = "open";
    await pass(1000);
    FakeSocket.last.say(welcome);
    expect(s.status.state).toBe("live");
    expect(states.map((x) => x.state)).not.toContain("down");
    expect(FakeSocket.all).toHaveLength(3);
  });

  it("is told after three seconds", async () => {
    const { s } = await live();
    FakeSocket.last.cut(1012);
    FakeSocket.mode = "refuse";
    await pass(2500);
    expect(s.status.state).toBe("connecting");
    await pass(1100);
    expect(s.status.state).toBe("down");
  });

  it("comes back with all that is unsent", async () => {
    const { s } = await live();
    s.send(A, { type: "text", text: "1" });
    FakeSocket.last.say(moving);
    FakeSocket.last.cut(1012);
    await pass(600);
    FakeSocket.last.say(welcome);
    expect(texts(FakeSocket.last.of("send"))).toEqual(["1"]);
  });
});

describe("nothing spins", () => {
  it("when the server says too fast: it is left alone for longer", async () => {
    const { s } = await live();
    FakeSocket.last.say({ t: "no", code: "too_fast" });
    FakeSocket.last.cut();
    expect((s.status.retryAt ?? 0) - Date.now()).toBe(8000);
  });

  it("when something that was sent can never be read: it is kept with the reason, and what comes after it goes", async () => {
    const { s } = await live();
    const ids = ["1", "2"].map((text) => s.send(A, { type: "text", text }));
    FakeSocket.last.say({ t: "ok", client_id: String(ids[0]), seq: 1, at: 1 });
    FakeSocket.last.say({ t: "no", code: "bad_frame" });
    FakeSocket.last.cut();
    await pass(1000);
    s.send(A, { type: "text", text: "3" });
    FakeSocket.last.say(welcome);
    expect(texts(FakeSocket.last.of("send"))).toEqual(["3"]);
    expect(s.pending(A).map((p) => p.code)).toEqual(["bad_frame", undefined]);
    // It got no answer, so it may be stored: it is retried under its own id.
    s.resend(String(ids[1]));
    expect(FakeSocket.last.of("send").at(-1)?.client_id).toBe(ids[1]);
  });

  it("when what is followed changes while the server is being greeted: it is told at once after", async () => {
    const { s, mode } = await live();
    FakeSocket.last.cut();
    await pass(1000);
    mode.cursor = 7;
    s.follow();
    FakeSocket.last.say(welcome);
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeSocket.last.of("hello").map((h) => h.cursors)).toEqual([{ [A]: null }, { [A]: 7 }]);
  });

  it("when a text is escaped to six times its length: it is sent all the same", async () => {
    const { s } = await live();
    s.send(A, { type: "text", text: "\u0001".repeat(32 * 1024) });
    expect(FakeSocket.last.of("send")).toHaveLength(1);
    expect(s.pending(A)[0]?.code).toBeUndefined();
  });
});

describe("the end of a token", () => {
  it("in the middle of a conversation is met with a new one, silently and with all that is unsent", async () => {
    const asked: boolean[] = [];
    const { s, states } = await live({ token: (renew) => (asked.push(renew), renew ? "new" : "old") });
    const id = s.send(A, { type: "text", text: "1" });
    FakeSocket.last.say({ t: "no", code: "token_expired" });
    FakeSocket.last.cut();
    await pass(600);
    expect(FakeSocket.last.sent[0]).toMatchObject({ t: "hello", token: "new" });
    FakeSocket.last.say(welcome);
    expect(FakeSocket.last.of("send").map((f) => f.client_id)).toEqual([id]);
    expect(states.map((x) => x.state)).not.toContain("down");
    expect(asked).toEqual([false, true]);
  });
});

describe("failed sends", () => {
  it("go again all together, in their order, after what waits already", async () => {
    const { s } = await live();
    const ids = ["1", "2"].map((text) => s.send(A, { type: "text", text }));
    for (const client_id of ids) FakeSocket.last.say({ t: "no", client_id, code: "not_yours" });
    const third = s.send(A, { type: "text", text: "3" });
    s.resend(...[...ids].reverse());
    const again = FakeSocket.last.of("send").slice(2);
    expect(again[0]?.client_id).toBe(third);
    expect(again.map((f) => (f.body as { text: string }).text)).toEqual(["3", "1", "2"]);
    expect(again.filter((f) => ids.includes(f.client_id as string))).toEqual([]);
  });

  it("remember a file that was chosen and never arrived, and never send it", async () => {
    const { s } = await live();
    const id = s.chosen(A, "photo.jpg");
    s.resend(id);
    expect(FakeSocket.last.of("send")).toEqual([]);
    expect(s.pending(A)).toMatchObject([{ client_id: id, name: "photo.jpg", code: "choose_again" }]);
  });

  it("keep the order in which files and words were meant, whichever upload ends first", async () => {
    const { s } = await live();
    const [first, second, third] = ["1.jpg", "2.jpg", "3.jpg"].map((name) => s.chosen(A, name));
    s.send(A, { type: "text", text: "four" });
    s.send("cnv_b", { type: "text", text: "elsewhere" });
    s.send(A, { type: "request_human", via: "button" });
    s.send(A, { type: "end" });
    const sent = () =>
      FakeSocket.last.of("send").map(({ body }) => {
        const { type, text, file } = body as { type: string; text?: string; file?: string };
        return text ?? file ?? type;
      });
    expect(sent()).toEqual(["elsewhere", "request_human"]);
    s.uploaded(third!, "fil_3");
    expect(sent()).toHaveLength(2);
    s.uploaded(first!, "fil_1");
    expect(sent().slice(2)).toEqual(["fil_1"]);
    s.uploaded(second!, "fil_2");
    expect(sent().slice(3)).toEqual(["fil_2", "fil_3", "four", "end"]);
    expect(s.pending(A).map((p) => p.name ?? p.code)).toEqual(Array(6).fill(undefined));
  });

  it("wait for no file that is not on its way any more", async () => {
    const { s } = await live();
    const sent = () => FakeSocket.last.of("send");
    const failed = s.chosen(A, "1.jpg");
    const removed = s.chosen(A, "2.jpg");
    s.send(A, { type: "text", text: "words" });
    s.uploaded(failed, null);
    expect(sent()).toEqual([]);
    s.drop(removed);
    await pass(500);
    expect(texts(sent())).toEqual(["words"]);
    expect(s.pending(A)).toMatchObject([{ client_id: failed, code: "choose_again" }, {}]);
  });

  it("wait for no file of a page that has ended", async () => {
    const { s } = await live();
    s.adopt([
      { client_id: "x", conversation: A, body: { type: "file", file: "" }, at: 1, code: "choose_again", name: "a" },
      { client_id: "y", conversation: A, body: { type: "text", text: "words" }, at: 2 },
    ]);
    expect(texts(FakeSocket.last.of("send"))).toEqual(["words"]);
  });
});

describe("lesser transports", () => {
  it("are not taken for live because something in between answers every poll with nothing", async () => {
    const { s } = make({ transports: ["poll"] });
    s.start();
    for (let i = 0; i < 60; i++) {
      for (const r of net.of("/rt/events")) r.answer([]);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(net.of("/rt/events").length).toBeLessThan(20);
    expect(s.status.state).toBe("down");
  });

  /** Lets time pass on a working event stream; polls and posts are answered. */
  const onStream = async (seconds: number, done: () => boolean) => {
    for (let i = 0; i < seconds && !done(); i++) {
      await vi.advanceTimersByTimeAsync(1000);
      for (const r of net.of("/rt/send")) r.answer({ frames: [] });
      const stream = net.of("/rt/events").at(-1);
      if (stream && !stream.aborted) stream.push(welcome);
    }
  };

  it("give way to a WebSocket that gets through later, and nothing is lost or doubled by it", async () => {
    const { s, states } = await liveOnStream({ token: () => "tok" });
    expect(s.status.transport).toBe("sse");
    FakeSocket.mode = "open";
    const before = FakeSocket.all.length;
    await onStream(70, () => FakeSocket.all.length > before);
    const id = s.send(A, { type: "text", text: "1" });
    expect(net.of("/rt/events")[0]?.aborted).toBe(true);
    FakeSocket.last.say(welcome);
    expect(FakeSocket.last.of("send").map((f) => f.client_id)).toEqual([id]);
    expect(s.status).toMatchObject({ state: "live", transport: "ws" });
    expect(states.map((x) => x.state).filter((x, i, all) => x !== all[i - 1])).toEqual(["connecting", "live"]);
  });

  it("go on where a WebSocket still does not get through, and try less and less often", async () => {
    const { s, states } = await liveOnStream();
    FakeSocket.mode = "hang";
    const at: number[] = [];
    for (let i = 0; i < 500; i++) {
      const n = FakeSocket.all.length;
      await onStream(1, () => false);
      if (FakeSocket.all.length > n) at.push(i);
    }
    expect(at.length).toBeGreaterThanOrEqual(2);
    expect(at.length).toBeLessThanOrEqual(4);
    expect(s.status).toMatchObject({ state: "live", transport: "sse" });
    expect(states.map((x) => x.state)).not.toContain("down");
  });

  it("end their hanging requests with them, so that the browser has connections left", async () => {
    const { s } = await liveOnStream();
    s.send(A, { type: "text", text: "1" });
    await vi.advanceTimersByTimeAsync(3000);
    expect(net.of("/rt/send").every((r) => r.aborted)).toBe(true);
    expect(s.pending(A)).toHaveLength(1);
  });

  it("notice that a stream died while posts still pass", async () => {
    await liveOnStream();
    for (let i = 0; i < 65; i++) {
      await vi.advanceTimersByTimeAsync(1000);
      for (const r of net.of("/rt/send")) r.answer({ frames: [] });
    }
    expect(net.of("/rt/events").length).toBeGreaterThan(1);
  });

  it("do not take a post that never returns for a server that hears", async () => {
    const { downAt } = await liveOnStream();
    const lost = Date.now();
    for (let i = 0; i < 11; i++) {
      await vi.advanceTimersByTimeAsync(1000);
      const stream = net.of("/rt/events")[0];
      if (!stream?.aborted) stream?.push({ t: "typing", conversation: A, by: "agent", on: true });
    }
    expect(downAt() - lost).toBeLessThanOrEqual(10_000);
  });
});
