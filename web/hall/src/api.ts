/** Requests to the server. Every failure is a `Problem` with a code for which the page has a text. */
import { client } from "@yingda/api/client";
import type { Lang, Suggestion } from "@yingda/api/types";

/** A caller with a signal of its own decides how long to wait; its abort is passed on unchanged. */
export const call = client({ timeout: 15_000, unnamed: (status) => (status === 404 ? "not_found" : "other") });

export async function suggestions(site: string, q: string, lang: Lang, signal: AbortSignal): Promise<Suggestion[]> {
  const found = await call("GET", "/sites/{key}/suggestions", { path: { key: site }, query: { q, lang }, signal });
  return found.items.slice(0, 4);
}
