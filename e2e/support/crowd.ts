import { randomUUID } from "node:crypto";
import type { Seed, Server } from "./server";

/** A customer without a browser, for stories in which there are many. */
export interface Caller {
  conversation: string;
  say(...lines: string[]): Promise<void>;
}

async function post(server: Server, path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(server.url + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  return answer.json();
}

/** Somebody who says these lines to the bot and then asks for a person. */
export async function caller(server: Server, ...lines: string[]): Promise<Caller> {
  const { token } = (await post(server, "/api/v1/widget/sessions", { site: "demo", device: null, lang: "zh-CN" })) as { token: string };
  const conversation = `cnv_${randomUUID().replaceAll("-", "")}`;
  const send = async (body: unknown, open = false): Promise<void> => {
    const frame = { t: "send", conversation, client_id: randomUUID(), body, ...(open ? { open: { lang: "zh-CN" } } : {}) };
    const { frames } = (await post(server, "/rt/send", { token, frames: [frame] })) as { frames: { t: string; retry_ms?: number }[] };
    if (frames[0]?.t === "ok") return;
    if (frames[0]?.t !== "busy") throw new Error(JSON.stringify(frames));
    await new Promise((done) => setTimeout(done, frames[0]?.retry_ms ?? 500));
    await send(body, open);
  };
  for (const [n, text] of lines.entries()) await send({ type: "text", text }, n === 0);
  await send({ type: "request_human", via: "button" }, lines.length === 0);
  return {
    conversation,
    say: async (...more) => {
      for (const text of more) await send({ type: "text", text });
    },
  };
}

/** Lets a member of the staff serve so many at once. */
export async function serveAtOnce(server: Server, seed: Seed, name: string, capacity: number): Promise<void> {
  const cookie = seed.members.find((one) => one.role === "manager")?.cookie ?? "";
  const headers = { Cookie: `__Host-yingda=${cookie}`, Origin: server.url, "Content-Type": "application/json", "Idempotency-Key": randomUUID() };
  const { items } = (await (await fetch(`${server.url}/api/v1/staff`, { headers: { Cookie: headers.Cookie } })).json()) as { items: { id: string; name: string; updated_at: number }[] };
  const member = items.find((one) => one.name === name);
  if (!member) throw new Error(`nobody is called ${name}`);
  const answer = await fetch(`${server.url}/api/v1/staff/${member.id}`, { method: "PATCH", headers, body: JSON.stringify({ capacity, seen: member.updated_at }) });
  if (!answer.ok) throw new Error(`${String(answer.status)} ${await answer.text()}`);
}
