import { randomUUID } from "node:crypto";
import { Api, memberOf } from "./api";
import type { Seed, Server } from "./server";

/** A customer without a browser, for stories with many customers. */
export interface Caller {
  conversation: string;
  say(...lines: string[]): Promise<void>;
}

/** A customer who says these lines to the bot and then asks for a human agent. */
export async function caller(server: Server, ...lines: string[]): Promise<Caller> {
  const api = new Api(server);
  const { token } = (await api.post("/widget/sessions", { site: "demo", device: null, lang: "zh-CN" })) as unknown as {
    token: string;
  };
  const conversation = `cnv_${randomUUID().replaceAll("-", "")}`;
  const send = (body: Record<string, unknown>, first: boolean): Promise<void> =>
    api.send(conversation, body, { token, ...(first ? { open: { lang: "zh-CN" } } : {}) });
  for (const [n, text] of lines.entries()) await send({ type: "text", text }, n === 0);
  await send({ type: "request_human", via: "button" }, lines.length === 0);
  return {
    conversation,
    say: async (...more) => {
      for (const text of more) await send({ type: "text", text }, false);
    },
  };
}

/** Sets the number of conversations a member of the staff can serve at once. */
export async function serveAtOnce(server: Server, seed: Seed, name: string, capacity: number): Promise<void> {
  const manager = memberOf(server, seed, "manager");
  const member = (await manager.get("/staff")).items.find((one) => one.name === name);
  if (!member) throw new Error(`nobody is called ${name}`);
  await manager.patch(`/staff/${member.id}`, { capacity, seen: member.updated_at });
}
