import { expect } from "@playwright/test";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Server } from "./server";

/** What the server sent to people: it is written to files while no mail server and no gateway is configured. */
export class Outbox {
  readonly #read = new Set<string>();

  constructor(readonly server: Server) {}

  /** The text of the next unread message to someone. */
  async next(to: string): Promise<string> {
    let found = "";
    const look = async (): Promise<string> => {
      const folder = path.join(this.server.data, "outbox");
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".txt")).sort();
      for (const name of names.filter((one) => !this.#read.has(one))) {
        const text = await readFile(path.join(folder, name), "utf8");
        if (!text.startsWith(`To: ${to}\n`)) continue;
        this.#read.add(name);
        found = text;
        break;
      }
      return found;
    };
    await expect.poll(look).not.toBe("");
    return found;
  }

  async code(to: string): Promise<string> {
    return /(?<!\d)\d{6}(?!\d)/.exec((await this.next(to)).split("\n\n").slice(1).join("\n\n"))?.[0] ?? "";
  }
}
