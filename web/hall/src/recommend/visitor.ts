/**
 * The visitor of this browser. The hall is on the chat's own origin, so it takes a session the way another tab with the chat would: with the device's secret, which
 * is replaced by one page at a time. Without a secret, there is no visitor, and none is made before the reader chooses something.
 */
import { Problem } from "@yingda/api/client";
import type { Lang, WidgetSession } from "@yingda/api/types";
import { call } from "../api";

const before = 60_000;
let session: { site: string; lasts: WidgetSession } | null = null;
let making: Promise<string | null> | undefined;

const place = (site: string, name: string): string => `yingda.${site}.${name}`;

function kept(site: string): string | null {
  try {
    return localStorage.getItem(place(site, "device"));
  } catch {
    return null;
  }
}

/** Whether someone was here before, as far as this browser knows. */
export const isKnown = (site: string): boolean => kept(site) !== null;

async function make(site: string, lang: Lang, fresh: boolean): Promise<string | null> {
  const device = kept(site);
  if (device === null && !fresh) return null;
  const ask = (secret: string | null): Promise<WidgetSession> =>
    call("POST", "/widget/sessions", { body: { site, device: secret, lang } });
  try {
    const lasts = await ask(device);
    localStorage.setItem(place(site, "device"), lasts.device);
    session = { site, lasts };
    return lasts.token;
  } catch (error) {
    // Of a secret that is not valid any more, the chat takes care.
    if (error instanceof Problem && error.code === "device_revoked") return null;
    throw error;
  }
}

/** The access token of this browser's visitor; null if there is none. `fresh` makes one, because the reader chose something that is to be remembered. */
export async function token(site: string, lang: Lang, fresh = false): Promise<string | null> {
  if (session?.site === site && session.lasts.expires_at - Date.now() > before) return session.lasts.token;
  const locked = async (): Promise<string | null> =>
    "locks" in navigator
      ? ((await navigator.locks.request(place(site, "session"), () => make(site, lang, fresh))) as string | null)
      : make(site, lang, fresh);
  making ??= locked().finally(() => (making = undefined));
  const made = await making;
  return made === null && fresh ? locked() : made;
}

/** Forgets the session, because the account that it may belong to has changed. */
export function leave(): void {
  session = null;
}

export const bearer = (access: string | null): { headers?: Record<string, string> } =>
  access === null ? {} : { headers: { Authorization: `Bearer ${access}` } };
