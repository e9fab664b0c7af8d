import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Server } from "./server";

/** What `answer.py` printed: what the customer had said, or the code of the refusal. */
type Told = { said: string[] } | { refused: string };

/** Runs a program on the Python SDK, which answers whoever has waited longest. */
export async function answerWithSdk(server: Server, secret: string, words: string): Promise<Told> {
  const { stdout } = await promisify(execFile)(
    path.resolve(import.meta.dirname, "../../scripts/sdk.sh"),
    ["python", path.resolve(import.meta.dirname, "answer.py"), words],
    { env: { ...process.env, CHAT_URL: server.url, CHAT_TOKEN: secret } },
  );
  return JSON.parse(stdout) as Told;
}
