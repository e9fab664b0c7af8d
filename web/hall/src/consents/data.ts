/** What the reader allows to be stored: of an account, or of this browser's visitor. */
import type { Consents, Lang, Purpose } from "@yingda/api/types";
import { call } from "../api";
import { siteKey } from "../data";
import { bearer, token } from "../recommend/visitor";

/** What they allow; null for a visitor who has never been here: of somebody new, nothing is stored. */
export async function consentsOf(signedIn: boolean, lang: Lang): Promise<Consents | null> {
  if (signedIn) return call("GET", "/customer/consents");
  const access = await token(await siteKey(), lang);
  return access === null ? null : call("GET", "/widget/consents", bearer(access));
}

/** Stores an answer, which takes effect at once. */
export async function answer(
  signedIn: boolean,
  given: { purpose: Purpose; granted: boolean; wording: number },
  lang: Lang,
): Promise<Consents> {
  const { purpose, granted, wording } = given;
  const body = { answers: [{ purpose, granted }], wording, place: "hall" as const };
  if (signedIn) return call("PUT", "/customer/consents", { body });
  return call("PUT", "/widget/consents", { body, ...bearer(await token(await siteKey(), lang, true)) });
}
