import { createServer, request, type Server } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { AddressInfo } from "node:net";

/** What it does with an answer that never ends. */
export type Streams = "refused" | "withheld";

/**
 * A web proxy of the kind offices have had for decades: it does not know upgrades, and it forwards an answer only when it has all of it, so a stream never
 * arrives. With `refused` it rejects streams immediately. Everything else passes.
 */
export class OldProxy {
  readonly counts = { upgrades: 0, streams: 0, polls: 0, posts: 0 };
  /** rejects every real-time request too, while pages and the API pass */
  realTimeDown = false;
  /** it was replaced by a proxy that knows upgrades */
  modern = false;
  /** an upgraded connection is no longer a request, so it has to be ended separately */
  readonly #upgraded = new Set<Duplex>();

  private constructor(readonly listener: Server) {}

  static async start(target: number, streams: Streams): Promise<OldProxy> {
    const listener = createServer();
    const proxy = new OldProxy(listener);
    listener.on("upgrade", (ask, socket, head) => {
      proxy.counts.upgrades++;
      if (proxy.modern) {
        const lines = [`GET ${ask.url ?? "/"} HTTP/1.1`];
        for (let i = 0; i < ask.rawHeaders.length; i += 2)
          lines.push(`${ask.rawHeaders[i] ?? ""}: ${ask.rawHeaders[i + 1] ?? ""}`);
        const onward = connect(target, "127.0.0.1", () => {
          onward.write(`${lines.join("\r\n")}\r\n\r\n`);
          onward.write(head);
          onward.pipe(socket).pipe(onward);
        });
        proxy.#upgraded.add(socket);
        for (const one of [onward, socket])
          one.on("error", () => undefined).on("close", () => (one === onward ? socket : onward).destroy());
        return;
      }
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    });
    listener.on("request", (ask, answer) => {
      const isEvents = ask.url?.startsWith("/rt/events") ?? false;
      const isStream = isEvents && (ask.headers.accept ?? "").includes("text/event-stream");
      if (isStream) proxy.counts.streams++;
      else if (isEvents) proxy.counts.polls++;
      else if (ask.url?.startsWith("/rt/send")) proxy.counts.posts++;
      if ((isStream && streams === "refused") || (proxy.realTimeDown && ask.url?.startsWith("/rt/"))) {
        answer.writeHead(403, { "Content-Length": 0 }).end();
        return;
      }
      const onward = request(
        { host: "127.0.0.1", port: target, method: ask.method, path: ask.url, headers: ask.headers },
        (got) => {
          const parts: Buffer[] = [];
          got.on("data", (part: Buffer) => parts.push(part));
          got.on("end", () => answer.writeHead(got.statusCode ?? 502, got.headers).end(Buffer.concat(parts)));
          got.on("error", () => answer.destroy());
        },
      );
      onward.on("error", () => answer.destroy());
      answer.on("close", () => onward.destroy());
      ask.pipe(onward);
    });
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.listener.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.listener.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    this.listener.close();
    await once(this.listener, "close");
  }
}
