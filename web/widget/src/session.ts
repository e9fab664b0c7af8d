import type { WidgetSession } from "@yingda/api/types";
import { ask, type Refusal } from "./ask";
import { alone, get, place, set } from "./kept";
import { lang } from "./text";

let site = "";
let session: WidgetSession | null = null;
let making: Promise<WidgetSession> | null = null;
let began: (s: WidgetSession) => void = () => undefined;

export function setSession(key: string, onSession: (s: WidgetSession) => void): void {
  site = key;
  began = onSession;
}

export const visitor = (): string | null => session?.visitor ?? null;

/** Somebody who was here before: their history may be shown before they say anything. */
export const returning = (): boolean => get("device") !== null || get("sealed") !== null;

/** The access token, which lives in memory only. Rotating the device secret is done by one page at a time. */
export async function token(renew: boolean): Promise<string> {
  if (session && !renew && session.expires_at - Date.now() > 60000) return session.token;
  making ??= alone("session", make).finally(() => (making = null));
  return (await making).token;
}

async function make(): Promise<WidgetSession> {
  const device = place === "memory" ? (session?.device ?? null) : get("device");
  const sealed = get("sealed");
  const from = (secret: object) => ask<WidgetSession>("widget/sessions", { site, lang, ...secret });
  let s: WidgetSession;
  try {
    s = await from(device || !sealed ? { device } : { device: null, sealed });
  } catch (e) {
    if ((e as Refusal).code !== "device_revoked") throw e;
    s = await from({ device: null });
  }
  session = s;
  set(place === "host" ? "sealed" : "device", place === "host" ? s.sealed : s.device);
  began(s);
  return s;
}
