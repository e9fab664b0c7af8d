/** What is recommended, and what the reader chose. */
import type { Lang, Recommendations } from "@yingda/api/types";
import { call } from "../api";
import { siteKey } from "../data";
import { bearer, isKnown, token } from "./visitor";

export type Place = "home" | "page";

/** Recommendations for whoever is here. If the visitor's session cannot be had, those for anybody. */
export async function recommended(place: Place, about: string | undefined, lang: Lang): Promise<Recommendations> {
  const key = await siteKey();
  const access = isKnown(key) ? await token(key, lang).catch(() => null) : null;
  const query = about === undefined ? { place } : { place, about };
  return call("GET", "/sites/{key}/recommendations", { path: { key }, query, ...bearer(access) });
}

/** Notes that a product or a plan was looked at; the server does so only for those who agreed. */
export async function noteView(kind: "product" | "plan", id: string, lang: Lang): Promise<void> {
  const key = await siteKey();
  const access = isKnown(key) ? await token(key, lang) : null;
  if (access !== null) await call("POST", "/widget/views", { body: { kind, id }, ...bearer(access) });
}

/** Stores whether the reader wants recommendations by what they look at and ask about. */
export async function choose(wanted: boolean, lang: Lang): Promise<void> {
  const access = await token(await siteKey(), lang, true);
  await call("PUT", "/widget/recommendations", { body: { wanted }, ...bearer(access) });
}
