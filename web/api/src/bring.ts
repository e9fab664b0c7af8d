import { Problem } from "./client";

/**
 * Loads a part of a page. Rejects with `network` if the server does not answer; and with `upgrade_required` if it does, because a server of another version does not
 * have the parts of this page.
 */
export async function bring<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    const answers = await fetch("/healthz", { cache: "no-store" }).then(
      ({ ok }) => ok,
      () => false,
    );
    throw new Problem({ code: answers ? "upgrade_required" : "network" }, 0);
  }
}
