import { home } from "@yingda/api/home";
import type { Address } from "./ask";
import { token } from "./session";

/** What `ask` does, in the name of the visitor: reads, or puts or posts a body. Null without an answer. */
export async function askAsVisitor<T>(
  address: Address,
  body?: string,
  method = "PUT",
  read: (r: Response) => Promise<T> = (r) => r.json(),
): Promise<T | null> {
  try {
    const headers = { Authorization: `Bearer ${await token(false)}`, "Content-Type": "application/json" };
    const r = await fetch(home + address, body ? { method, headers, body } : { headers });
    return r.ok ? await read(r) : null;
  } catch {
    return null;
  }
}
