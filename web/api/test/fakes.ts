import { vi } from "vitest";
import type { ClientFrame, ServerFrame } from "../src/types";

type Sent = ClientFrame & Record<string, unknown>;

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  static all: FakeSocket[] = [];
  /** what the network does with new sockets */
  static mode: "open" | "refuse" | "hang" = "open";
  static get last(): FakeSocket {
    const s = FakeSocket.all[FakeSocket.all.length - 1];
    if (!s) throw new Error("no socket was made");
    return s;
  }
  readyState = 0;
  sent: Sent[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((e: { data: string }) => void) | null = null;
  onclose: ((e?: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly url: string) {
    FakeSocket.all.push(this);
    queueMicrotask(() => {
      if (FakeSocket.mode === "refuse") this.cut();
      else if (FakeSocket.mode === "open") {
        this.readyState = 1;
        this.onopen?.();
      }
    });
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Sent);
  }
  close(): void {
    this.readyState = 3;
  }
  /** the server sends frames */
  say(...frames: (ServerFrame | Record<string, unknown>)[]): void {
    this.onmessage?.({ data: frames.map((f) => JSON.stringify(f)).join("\n") });
  }
  cut(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  of(t: string): Sent[] {
    return this.sent.filter((f) => f.t === t);
  }
}

export interface Request {
  url: string;
  accept: string;
  aborted: boolean;
  body: { token?: string; frames?: Sent[]; cursors?: Record<string, number | null>; generation?: string };
  /** answers with frames, one per line; opens the stream if it is one */
  answer(frames: Record<string, unknown>[] | { frames: Record<string, unknown>[] }, status?: number): void;
  push(...frames: Record<string, unknown>[]): void;
  end(): void;
  fail(): void;
}

/** A `fetch` whose other end is the test. */
export function fakeFetch(): { requests: Request[]; of(path: string): Request[] } {
  const requests: Request[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    return new Promise<Response>((resolve, reject) => {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const text = new TextEncoder();
      const aborted = () => {
        request.aborted = true;
        reject(new DOMException("aborted", "AbortError"));
        try {
          controller?.error(new DOMException("aborted", "AbortError"));
        } catch {
          // already closed
        }
      };
      init.signal?.addEventListener("abort", aborted);
      const request: Request = {
        aborted: false,
        url,
        accept: new Headers(init.headers).get("accept") ?? "",
        body: JSON.parse(String(init.body)) as Request["body"],
        answer: (frames, status = 200) => {
          init.signal?.removeEventListener("abort", aborted);
          resolve(
            new Response(
              Array.isArray(frames) ? frames.map((f) => JSON.stringify(f)).join("\n") : JSON.stringify(frames),
              { status },
            ),
          );
        },
        push(...frames) {
          if (!controller) {
            const body = new ReadableStream<Uint8Array>({ start: (c) => void (controller = c) });
            resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
          }
          controller?.enqueue(text.encode(`id: x\n${frames.map((f) => `data: ${JSON.stringify(f)}\n`).join("")}\n`));
        },
        end: () => controller?.close(),
        fail: () => reject(new TypeError("network")),
      };
      requests.push(request);
    });
  });
  return { requests, of: (path) => requests.filter((r) => r.url.endsWith(path)) };
}

export const welcome = { t: "welcome", generation: "g1", heads: {}, marks: {}, now: 0, beat_ms: 25000 };
