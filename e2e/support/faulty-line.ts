import { createServer, connect, type Server, type Socket } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

export type Direction = "up" | "down";

interface Pair {
  client: Socket;
  server: Socket;
  /** bytes of this connection were swallowed, so it can never work again */
  spoiled: boolean;
  /** a message passed through, and its answer is to be lost */
  awaited: (() => void) | null;
}

/** The text a browser sent on a WebSocket, as far as its frames are complete in this chunk (RFC 6455: masked, not compressed). */
function spoken(chunk: Buffer): string {
  let text = "";
  for (let at = 0; at + 6 <= chunk.length; ) {
    const first = chunk.readUInt8(at);
    const second = chunk.readUInt8(at + 1);
    let size = second & 0x7f;
    let head = 2;
    if (size === 126) {
      size = chunk.readUInt16BE(at + 2);
      head = 4;
    } else if (size === 127) break;
    const body = at + head + 4;
    if (!(second & 0x80) || body + size > chunk.length) break;
    if ((first & 0x0f) === 1) {
      const mask = chunk.subarray(at + head, body);
      text += Buffer.from(chunk.subarray(body, body + size).map((byte, i) => byte ^ (mask[i % 4] ?? 0))).toString(
        "utf8",
      );
    }
    at = body + size;
  }
  return text;
}

/** A connection between browser and server that can be cut as real ones are: with a reset, or silently, in one direction or both. */
export class FaultyLine {
  readonly #pairs = new Set<Pair>();
  readonly #silent = new Set<Direction>();
  #refusing = false;
  /** how long every chunk is delayed, in each direction */
  delayMs = 0;
  #trap: { lost: "message" | "answer"; sprung(): void } | null = null;

  private constructor(
    readonly listener: Server,
    readonly target: number,
  ) {}

  static async start(target: number): Promise<FaultyLine> {
    const listener = createServer({ noDelay: true });
    const proxy = new FaultyLine(listener, target);
    listener.on("connection", (client) => proxy.#join(client));
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.listener.address() as AddressInfo).port)}`;
  }

  /** Every connection is reset, including new ones. */
  cut(): void {
    this.#refusing = true;
    for (const pair of this.#pairs) this.#reset(pair);
  }

  /** Nothing is forwarded in these directions, without any notice. */
  silence(...directions: Direction[]): void {
    for (const direction of directions) this.#silent.add(direction);
  }

  /**
   * Resets everything when the browser next sends a message on its WebSocket: either before the server receives it, or after the server has stored it, so that
   * only its answer is lost. Resolves when that happened.
   */
  cutAtNextSend(lost: "message" | "answer"): Promise<void> {
    return new Promise((sprung) => (this.#trap = { lost, sprung }));
  }

  /** The line works again. Connections that lost bytes are closed, as after any network that forgot them. */
  restore(): void {
    this.#refusing = false;
    this.#silent.clear();
    for (const pair of this.#pairs) if (pair.spoiled) this.#reset(pair);
  }

  async stop(): Promise<void> {
    this.#refusing = true;
    for (const pair of this.#pairs) this.#reset(pair);
    this.listener.close();
    await once(this.listener, "close");
  }

  #join(client: Socket): void {
    if (this.#refusing) {
      client.on("error", () => undefined);
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: this.target, host: "127.0.0.1", noDelay: true });
    const pair: Pair = { client, server, spoiled: false, awaited: null };
    this.#pairs.add(pair);
    client.on("data", (chunk: Buffer) => {
      const trap = this.#trap;
      if (trap && spoken(chunk).includes('"t":"send"')) {
        this.#trap = null;
        const done = (): void => {
          this.cut();
          trap.sprung();
        };
        if (trap.lost === "message") {
          done();
          return;
        }
        pair.awaited = done;
      }
      this.#forward(pair, "up", chunk);
    });
    server.on("data", (chunk: Buffer) => {
      if (pair.awaited === null) this.#forward(pair, "down", chunk);
      else if (chunk.includes('"t":"ok"')) pair.awaited();
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on("error", () => undefined);
      from.on("close", () => {
        this.#pairs.delete(pair);
        if (!to.destroyed) to.destroy();
      });
    }
  }

  #forward(pair: Pair, direction: Direction, chunk: Buffer): void {
    const to = direction === "up" ? pair.server : pair.client;
    if (this.#silent.has(direction)) pair.spoiled = true;
    else if (this.delayMs) setTimeout(() => to.destroyed || to.write(chunk), this.delayMs);
    else to.write(chunk);
  }

  #reset(pair: Pair): void {
    this.#pairs.delete(pair);
    for (const socket of [pair.client, pair.server]) if (!socket.destroyed) socket.resetAndDestroy();
  }
}
