import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openStream, type EventStream, type Status, type StreamOptions } from "../src/stream";
import type { Pending } from "../src/unsent";
import type { ServerFrame } from "../src/types";
import { FakeSocket, fakeFetch, welcome } from "./fakes";

const A = "cnv_a";
let streams: EventStream[] = [];
let net: ReturnType<typeof fakeFetch>;

function make(o: Partial<StreamOptions> = {}) {
  const states: Status[] = [];
  const frames: ServerFrame[] = [];
  let attentive = false;
  const s = openStream({
    base: "http://host",
    onFrame: (f) => frames.push(f),
    onStatus: (x) => states.push(x),
    attentive: () => attentive,
    hello: () => ({ cursors: { [A]: null } }),
    ...o,
  });
  streams.push(s);
  return { s, states, frames, attend: (on: boolean) => (attentive = on) };
}
const tick = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const sendAll = (s: EventStream, ...list: string[]) =>
  list.map((text) => s.send(A, { type: "text", text })) as [string, string, ...string[]];
const texts = (list: Record<string, unknown>[]) => list.map((f) => (f.body as { text: string }).text);

async function live(o: Partial<StreamOptions> = {}) {
  const m = make(o);
  m.s.start();
  await tick();
  FakeSocket.last.say(welcome);
  return m;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  FakeSocket.all = [];
  FakeSocket.mode = "open";
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

describe("a connection through another page", () => {
  it("carries what there is to send, and what was not acknowledged goes over the page's own once there is no other", async () => {
    let other: Parameters<NonNullable<ReturnType<NonNullable<StreamOptions["through"]>>>>[0] | null = null;
    let isLed = true;
    const said: Record<string, unknown>[] = [];
    const { s } = make({
      through: () =>
        isLed
          ? async (link, ends) => {
              other = link;
              link.write = (frame) => said.push(frame);
              said.push(await ends.greet(link));
              ends.heard(link, JSON.stringify(welcome));
            }
          : null,
    });
    s.start();
    await tick();
    s.send(A, { type: "text", text: "hi" });
    expect(said.map(({ t }) => t)).toEqual(["hello", "send"]);
    expect(FakeSocket.all).toEqual([]);
    isLed = false;
    s.reroute();
    await tick();
    expect(other!.end.signal.aborted).toBe(true);
    FakeSocket.last.say(welcome);
    expect(FakeSocket.last.of("send").map(({ client_id }) => client_id)).toEqual([said[1]?.client_id]);
    s.pass({ t: "typing", conversation: A, on: true });
    expect(FakeSocket.last.of("typing")).toHaveLength(1);
  });
});

describe("hello", () => {
  it("says who, from where and where it stands, and is live after welcome", async () => {
    const { s, states } = make({ token: () => "tok" });
    s.start();
    await tick();
    expect(FakeSocket.last.url).toBe("ws://host/ws");
    expect(FakeSocket.last.sent).toEqual([{ t: "hello", version: 1, token: "tok", cursors: { [A]: null } }]);
    expect(s.status.state).toBe("connecting");
    FakeSocket.last.say(welcome);
    expect(states.at(-1)).toMatchObject({ state: "live", transport: "ws" });
  });

  it("names the generation when it comes again, and repeats the greeting on follow()", async () => {
    const { s } = await live();
    FakeSocket.last.cut();
    await tick(1000);
    expect(FakeSocket.last.sent[0]).toMatchObject({ t: "hello", generation: "g1" });
    FakeSocket.last.say(welcome);
    s.follow();
    await tick();
    expect(FakeSocket.last.of("hello")).toHaveLength(2);
  });

  it("asks for a new token when the old one was refused, on the same transport", async () => {
    const asked: boolean[] = [];
    const { s } = make({ token: (renew) => (asked.push(renew), "tok") });
    s.start();
    await tick();
    FakeSocket.last.say({ t: "no", code: "not_signed_in" });
    FakeSocket.last.cut();
    await tick(1);
    expect(asked).toEqual([false, true]);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.say(welcome);
    expect(s.status.state).toBe("live");
  });

  it("goes to another node within three seconds when this one ends, with the token it has", async () => {
    const asked: boolean[] = [];
    const { s } = await live({ token: (renew) => (asked.push(renew), "tok") });
    s.send(A, { type: "text", text: "one" });
    FakeSocket.last.say({ t: "no", code: "moving" });
    FakeSocket.last.cut(1012);
    await tick(3000);
    FakeSocket.last.say(welcome);
    expect(texts(FakeSocket.last.of("send"))).toEqual(["one"]);
    expect(asked).toEqual([false, false]);
  });

  it("gives up for good when the server wants a newer client", async () => {
    const { frames } = await live();
    FakeSocket.last.say({ t: "no", code: "upgrade_required" });
    FakeSocket.last.cut();
    await tick(60000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(frames.at(-1)).toEqual({ t: "no", code: "upgrade_required" });
  });
});

describe("sending", () => {
  it("keeps a send until it is live, then sends in order", async () => {
    const { s } = make();
    s.send(A, { type: "text", text: "1" }, { lang: "en" });
    s.send(A, { type: "text", text: "2" });
    s.start();
    await tick();
    expect(FakeSocket.last.of("send")).toEqual([]);
    FakeSocket.last.say(welcome);
    expect(texts(FakeSocket.last.of("send"))).toEqual(["1", "2"]);
    expect(FakeSocket.last.of("send")[0]).toMatchObject({ open: { lang: "en" } });
  });

  it("repeats everything unanswered under the same ids after a cut, oldest first", async () => {
    const { s } = await live();
    const ids = sendAll(s, "1", "2", "3");
    FakeSocket.last.say({ t: "ok", client_id: ids[0], seq: 1, at: 1 });
    FakeSocket.last.cut();
    await tick(1000);
    s.send(A, { type: "text", text: "4" });
    FakeSocket.last.say(welcome);
    const again = FakeSocket.last.of("send");
    expect(texts(again)).toEqual(["2", "3", "4"]);
    expect(again.slice(0, 2).map((f) => f.client_id)).toEqual(ids.slice(1));
  });

  it("forgets a send whose entry came, though its ok was lost", async () => {
    const { s } = await live();
    const id = s.send(A, { type: "text", text: "1" });
    FakeSocket.last.say({
      t: "entries",
      stream: A,
      entries: [{ seq: 1, kind: "message", v: 1, at: 1, by: { kind: "customer" }, client_id: id, body: null }],
    });
    expect(s.pending(A)).toEqual([]);
  });

  it("after busy waits, then repeats it and everything after it", async () => {
    const { s } = await live();
    const ids = sendAll(s, "1", "2");
    FakeSocket.last.say(
      { t: "busy", client_id: ids[0], retry_ms: 800 },
      { t: "busy", client_id: ids[1], retry_ms: 800 },
    );
    s.send(A, { type: "text", text: "3" });
    s.send("cnv_b", { type: "text", text: "other" });
    expect(texts(FakeSocket.last.of("send"))).toEqual(["1", "2", "other"]);
    await tick(1000);
    expect(texts(FakeSocket.last.of("send")).slice(3)).toEqual(["1", "2", "3"]);
  });

  it("keeps a refused send with its reason, and resends it under a new id: its own is refused for ever", async () => {
    const { s } = await live();
    const id = s.send(A, { type: "text", text: "1" });
    FakeSocket.last.say({ t: "no", client_id: id, code: "text_too_long" });
    expect(s.pending(A)).toMatchObject([{ client_id: id, code: "text_too_long" }]);
    s.resend(id);
    const [again] = s.pending(A);
    expect(again).toMatchObject({ body: { text: "1" } });
    expect(again?.client_id).not.toBe(id);
    expect(FakeSocket.last.of("send").map((f) => f.client_id)).toEqual([id, again?.client_id]);
    s.drop(again?.client_id ?? "");
    expect(s.pending(A)).toEqual([]);
  });

  it("follows the server to the conversation that is already open", async () => {
    const { s, frames } = await live();
    const id = s.send(A, { type: "text", text: "1" }, { lang: "en" });
    FakeSocket.last.say({ t: "no", client_id: id, code: "use", conversation: "cnv_b" });
    expect(frames.at(-1)).toMatchObject({ code: "use", conversation: "cnv_b" });
    expect(FakeSocket.last.of("send").at(-1)).toEqual({
      t: "send",
      conversation: "cnv_b",
      client_id: id,
      body: { type: "text", text: "1" },
    });
    expect(s.pending("cnv_b")).toHaveLength(1);
  });

  it("keeps what is unsent across a reload", async () => {
    let saved: readonly Pending[] = [];
    const storage = {
      load: () => [...saved],
      save: (l: readonly Pending[]) => void (saved = structuredClone(l) as Pending[]),
    };
    const first = await live({ storage });
    const id = first.s.send(A, { type: "text", text: "1" });
    first.s.stop();
    await live({ storage });
    expect(FakeSocket.last.of("send")).toMatchObject([{ client_id: id }]);
    FakeSocket.last.say({ t: "ok", client_id: id, seq: 1, at: 1 });
    expect(saved).toEqual([]);
  });

  it("keeps a text beyond 32 KiB back with the reason, for its frame would end the connection", async () => {
    const { s } = await live();
    const id = s.send(A, { type: "text", text: "长".repeat(11000) });
    s.resend(id);
    s.send(A, { type: "text", text: "short" });
    expect(texts(FakeSocket.last.of("send"))).toEqual(["short"]);
    expect(s.pending(A)[0]).toMatchObject({ code: "text_too_long", body: { text: "长".repeat(11000) } });
  });

  it("has at most 64 in flight", async () => {
    const { s } = await live();
    const ids = sendAll(s, ...Array.from({ length: 70 }, (_, i) => String(i)));
    expect(FakeSocket.last.of("send")).toHaveLength(64);
    FakeSocket.last.say({ t: "ok", client_id: ids[0], seq: 1, at: 1 });
    expect(FakeSocket.last.of("send")).toHaveLength(65);
  });

  it("repeats the last marks after a reconnect and never lowers them", async () => {
    const { s } = await live();
    s.mark(A, 3, 2);
    s.mark(A, 2, 1);
    FakeSocket.last.cut();
    await tick(1000);
    FakeSocket.last.say(welcome);
    expect(FakeSocket.last.of("mark")).toEqual([{ t: "mark", stream: A, received: 3, read: 2 }]);
  });
});

describe("a dead link", () => {
  it("is left 2 s after a send when nothing came since", async () => {
    const { s } = await live();
    await tick(100);
    s.send(A, { type: "text", text: "1" });
    await tick(1900);
    expect(FakeSocket.all).toHaveLength(1);
    await tick(1000);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.say(welcome);
    expect(texts(FakeSocket.last.of("send"))).toEqual(["1"]);
  });

  it("gets until 8 s when frames still come", async () => {
    const { s } = await live();
    await tick(100);
    s.send(A, { type: "text", text: "1" });
    await tick(1000);
    FakeSocket.last.say({ t: "pong" });
    await tick(6900);
    expect(FakeSocket.all).toHaveLength(1);
    await tick(1000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("is noticed by an attentive client after 9 s of silence, with a ping at 5 s", async () => {
    const { s, states, attend } = await live();
    attend(true);
    FakeSocket.last.say({ t: "pong" });
    await tick(5000);
    expect(FakeSocket.last.of("ping")).toHaveLength(1);
    expect(s.status.state).toBe("live");
    await tick(4000);
    expect(states.find((x) => x.state === "down")).toBeTruthy();
  });

  it("is noticed by a quiet client after two beats", async () => {
    const { s } = await live();
    await tick(59000);
    expect(s.status.state).toBe("live");
    await tick(1500);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("is told to the reader within 10 s even while an attempt hangs", async () => {
    const { s } = await live();
    FakeSocket.mode = "hang";
    FakeSocket.last.cut();
    await tick(9100);
    expect(s.status.state).toBe("down");
  });
});

describe("reconnecting", () => {
  it("waits a random time up to min(30 s, 2^n s), and never stops", async () => {
    const waits: number[] = [];
    const { s } = await live({
      transports: ["ws"],
      onStatus: (x) => x.retryAt !== null && waits.push(x.retryAt - Date.now()),
    });
    FakeSocket.mode = "refuse";
    FakeSocket.last.cut();
    expect(s.status.state).toBe("connecting");
    await tick(80000);
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000, 15000, 15000, 15000]);
    expect(s.status.state).toBe("down");
    FakeSocket.mode = "open";
    await tick(15000);
    FakeSocket.last.say(welcome);
    expect(s.status.state).toBe("live");
  });

  it("starts at once when the browser is online again, and says down while it is not", async () => {
    const { s } = await live();
    dispatchEvent(new Event("offline"));
    expect(s.status.state).toBe("down");
    const n = FakeSocket.all.length;
    dispatchEvent(new Event("online"));
    await tick();
    expect(FakeSocket.all).toHaveLength(n + 1);
  });

  it("probes a silent link when the page becomes visible", async () => {
    const { s } = await live();
    await tick(20000);
    document.dispatchEvent(new Event("visibilitychange"));
    expect(FakeSocket.last.of("ping")).toHaveLength(1);
    await tick(4600);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.say(welcome);
    expect(s.status.state).toBe("live");
  });
});

describe("other transports", () => {
  it("falls to the stream at once where sockets are refused, and sends by POST one batch at a time", async () => {
    FakeSocket.mode = "refuse";
    const { s, frames } = make({ token: () => "tok" });
    s.start();
    await tick(1);
    const events = net.of("/rt/events")[0];
    expect(events?.accept).toBe("text/event-stream");
    expect(events?.body).toMatchObject({ token: "tok", cursors: { [A]: null } });
    events?.push(welcome, { t: "marks", stream: A });
    await tick();
    expect(s.status).toMatchObject({ state: "live", transport: "sse" });
    expect(frames.map((f) => f.t)).toEqual(["welcome", "marks"]);
    const ids = sendAll(s, "1", "2");
    await tick();
    const posts = net.of("/rt/send");
    expect(posts).toHaveLength(1);
    expect(posts[0]?.body).toMatchObject({ token: "tok", frames: [{ client_id: ids[0] }] });
    posts[0]?.answer({ frames: [{ t: "ok", client_id: ids[0], seq: 1, at: 1 }] });
    await tick();
    expect(net.of("/rt/send")[1]?.body.frames).toMatchObject([{ client_id: ids[1] }]);
  });

  it("keeps using the transport that worked on this network", async () => {
    FakeSocket.mode = "refuse";
    const { s } = make();
    s.start();
    await tick(1);
    net.of("/rt/events")[0]?.push(welcome);
    await tick();
    const sockets = FakeSocket.all.length;
    net.of("/rt/events")[0]?.end();
    await tick(1000);
    expect(FakeSocket.all).toHaveLength(sockets);
    expect(net.of("/rt/events")).toHaveLength(2);
    expect(s.status.transport).toBe("sse");
  });

  it("falls to the long poll where a stream is kept back", async () => {
    FakeSocket.mode = "refuse";
    const { s, frames } = make();
    s.start();
    await tick(6100);
    const poll = net.of("/rt/events").at(-1);
    expect(poll?.accept).toBe("application/x-ndjson");
    expect(net.of("/rt/send")[0]?.body.frames).toEqual([]);
    net.of("/rt/send")[0]?.answer({ frames: [] });
    await tick();
    expect(s.status).toMatchObject({ state: "live", transport: "poll" });
    poll?.answer([welcome, { t: "entries", stream: A, entries: [] }]);
    await tick();
    expect(frames.map((f) => f.t)).toEqual(["welcome", "entries"]);
    expect(net.of("/rt/events")).toHaveLength(3);
    expect(net.of("/rt/events").at(-1)?.body.generation).toBe("g1");
  });

  it("fetches an older page without a socket", async () => {
    const { s, frames } = make({ transports: ["sse"] });
    s.start();
    await tick();
    net.of("/rt/events")[0]?.push(welcome);
    await tick();
    s.get(A, 3, 6);
    await tick();
    expect(net.of("/rt/send").at(-1)?.body).toEqual({ frames: [{ t: "get", stream: A, from: 3, to: 6 }] });
    const pageFrom = (from: number) => ({
      t: "page",
      stream: A,
      from,
      to: from + 1,
      entries: [{ seq: from }, { seq: from + 1 }],
    });
    net
      .of("/rt/send")
      .at(-1)
      ?.answer({ frames: [pageFrom(3)] });
    await tick();
    expect(net.of("/rt/send").at(-1)?.body.frames).toEqual([{ t: "get", stream: A, from: 5, to: 6 }]);
    net
      .of("/rt/send")
      .at(-1)
      ?.answer({ frames: [pageFrom(5)] });
    await tick();
    expect(frames.slice(-2)).toEqual([pageFrom(3), pageFrom(5)]);
    expect(s.status.state).toBe("live");
  });

  it("posts no more at once than the server takes", async () => {
    const { s } = make({ transports: ["sse"] });
    s.start();
    await tick();
    net.of("/rt/events")[0]?.push(welcome);
    await tick();
    const said = () =>
      net.of("/rt/send").flatMap((r) => (r.body.frames as { client_id: string }[]).map((f) => f.client_id));
    const ids = Array.from({ length: 10 }, (_, n) => s.send(A, { type: "text", text: String(n).repeat(30_000) }));
    for (let n = 0; n < 10 && said().length < ids.length; n++) {
      await tick();
      const last = net.of("/rt/send").at(-1);
      expect(JSON.stringify(last?.body).length).toBeLessThan(256 * 1024);
      last?.answer({
        frames: (last.body.frames as { client_id: string }[]).map(({ client_id }, seq) => ({
          t: "ok",
          client_id,
          seq,
          at: 1,
        })),
      });
      await tick();
    }
    expect(said()).toEqual(ids);
  });

  it("comes again when the server says, on the same transport", async () => {
    const { s } = make();
    s.start();
    await tick();
    FakeSocket.last.say({ t: "no", code: "busy", retry_ms: 6000 });
    FakeSocket.last.cut();
    await tick(5900);
    expect(FakeSocket.all).toHaveLength(1);
    await tick(200);
    expect(FakeSocket.all).toHaveLength(2);
    expect(net.requests).toEqual([]);
  });

  it("repeats a lost POST in order over whatever comes next", async () => {
    const { s } = make({ transports: ["sse"] });
    s.start();
    await tick();
    net.of("/rt/events")[0]?.push(welcome);
    await tick();
    const id = s.send(A, { type: "text", text: "1" });
    await tick();
    net.of("/rt/send")[0]?.fail();
    await tick(600);
    net.of("/rt/events").at(-1)?.push(welcome);
    await tick();
    expect(net.of("/rt/send").at(-1)?.body.frames).toMatchObject([{ t: "send", client_id: id }]);
  });
});
