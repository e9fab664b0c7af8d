import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createHmac } from "node:crypto";

export interface Received {
  id: string;
  type: string;
  /** whether the signature is valid for the secret */
  signed: boolean;
}

/** Receives webhooks: answers with a status, or hangs up. */
export class Receiver {
  readonly received: Received[] = [];
  /** the status of every answer; 0 hangs up */
  status = 0;
  /** the body of the answer, if it is not the status */
  words: string | null = null;
  secret = "";
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => (body += text));
      request.on("end", () => {
        const header = (name: string): string => String(request.headers[name] ?? "");
        const id = header("webhook-id");
        const key = Buffer.from(this.secret.replace("whsec_", ""), "base64");
        const expected = `v1,${createHmac("sha256", key)
          .update(`${id}.${header("webhook-timestamp")}.${body}`)
          .digest("base64")}`;
        this.received.push({
          id,
          type: (JSON.parse(body) as { type: string }).type,
          signed: header("webhook-signature").split(" ").includes(expected),
        });
        if (this.status === 0) response.destroy();
        else
          response
            .writeHead(this.status, { "Content-Type": "text/plain" })
            .end(this.words ?? `answered with ${String(this.status)}`);
      });
    });
  }

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(0, "127.0.0.1");
    await once(receiver.#server, "listening");
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/in`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
