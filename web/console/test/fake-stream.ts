import type { Pending } from "@yingda/api/unsent";
import type { Frame, Status, StreamOptions } from "@yingda/api/stream";
import type { SendBody } from "@yingda/api/types";

/** The connection as played by a test: it lists what was sent, and the test supplies what arrives. */
export class EventStream {
  static last: EventStream;
  readonly sent: { conversation: string; body: SendBody; clientId: string }[] = [];
  readonly marks: { id: string; received: number; read: number }[] = [];
  readonly asked: { id: string; from: number; to: number }[] = [];
  readonly typed: boolean[] = [];
  greetings = 0;
  started = false;
  status: Status = {
    state: "connecting",
    retryAt: null,
    reached: false,
    offline: false,
    transport: null,
    lastFrameAt: Date.now(),
  };
  private list: Pending[] = [];

  constructor(readonly options: StreamOptions) {
    EventStream.last = this;
    this.list = options.storage?.load() ?? [];
  }

  start() {
    this.started = true;
  }
  stop() {
    this.started = false;
  }
  follow() {
    this.greetings += 1;
  }
  retried = 0;
  retryNow() {
    this.retried += 1;
  }
  hello() {
    return this.options.hello();
  }

  send(conversation: string, body: SendBody) {
    const clientId = `c${this.sent.length + 1}`;
    this.sent.push({ conversation, body, clientId });
    this.list.push({ client_id: clientId, conversation, body, at: Date.now() });
    this.options.storage?.save(this.list);
    return clientId;
  }

  chosen(conversation: string, name: string) {
    const clientId = `f${this.list.length + 1}`;
    this.list.push({
      client_id: clientId,
      conversation,
      body: { type: "file", file: "" },
      at: Date.now(),
      code: "choose_again",
      name,
    });
    return clientId;
  }
  uploaded(clientId: string, file: string | null) {
    const one = this.list.find((each) => each.client_id === clientId);
    if (!one || !file) return;
    Object.assign(one, { body: { type: "file", file }, code: undefined, name: undefined });
    this.sent.push({ conversation: one.conversation, body: one.body, clientId });
  }
  adopt(list: Pending[]) {
    this.list = [...list, ...this.list];
  }
  resend(...clientIds: string[]) {
    this.list = this.list.map((one) => (clientIds.includes(one.client_id) ? { ...one, code: undefined } : one));
  }
  drop(clientId: string) {
    this.list = this.list.filter((one) => one.client_id !== clientId);
    this.options.storage?.save(this.list);
  }
  pending(conversation?: string) {
    return this.list.filter((one) => conversation === undefined || one.conversation === conversation);
  }
  mark(id: string, received: number, read: number) {
    this.marks.push({ id, received, read });
  }
  typing(_: string, on: boolean) {
    this.typed.push(on);
  }
  get(id: string, from: number, to: number) {
    this.asked.push({ id, from, to });
  }

  receive(frame: Frame) {
    if (frame.t === "ok") this.drop(frame.client_id);
    if (frame.t === "entries" || frame.t === "reset")
      for (const entry of frame.entries) if (entry.client_id) this.drop(entry.client_id);
    if (frame.t === "no" && frame.client_id)
      this.list = this.list.map((one) => (one.client_id === frame.client_id ? { ...one, code: frame.code } : one));
    this.options.onFrame(frame);
  }
  become(change: Partial<Status>) {
    this.status = { ...this.status, ...change };
    this.options.onStatus(this.status);
  }
}

export const openStream = (options: StreamOptions) => new EventStream(options);
