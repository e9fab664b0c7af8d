import type { Body } from "@yingda/api/operations";
import type { WidgetSession } from "@yingda/api/types";
import { ask, type Refusal } from "./ask";
import { toHost } from "./host";
import { alone, forgetAll, get, place, set, tellKnown } from "./kept";
import { lang } from "./text";

/** `isAnew`: a different visitor than before. `isOther`: what is here belonged to an account that this session is not for. */
type Began = (s: WidgetSession, isAnew: boolean, isOther: boolean) => void;

let site = "";
let session: WidgetSession | null = null;
let making: Promise<WidgetSession> | null = null;
let began: Began = () => undefined;
/**
 * The account the page says is signed in, null for none; undefined until it says so. If the page's server names the customer by a token, it is that token, until
 * the server says which account that is.
 */
export let account: string | null | undefined;
/** The token, if it is one: an id is shorter. */
const identity = (): string | null | undefined => account?.[50] && account;

export function setSession(key: string, onSession: Began, by: Prove): void {
  site = key;
  began = onSession;
  proveBy = by;
}

/** The key of the site. */
export const siteKey = (): string => site;

/** The address of the site in the API. */
export const siteUrl = (): `/sites/${string}` => `/sites/${encodeURIComponent(site)}`;

export const visitor = (): string | null => session?.visitor ?? null;

/** Someone who was here before: their history may be shown before they say anything. The same holds for an account on a device it is new to. */
export const returning = (): boolean => get("device") !== null || get("sealed") !== null || !!account;

/** The page says which account is signed in, or hands over a token. Returns what follows: nothing, a session with a ticket, or that everything of an account has to be deleted. */
export function belongsTo(customer: string | null | undefined): "join" | "forget" | undefined {
  if (customer === undefined) return;
  account = customer;
  if (customer) return isOutside() ? "join" : undefined;
  return get("customer") ? "forget" : undefined;
}

/** Whether the page names an account that this device does not belong to. */
export const isOutside = (): boolean => !!account && account !== get("customer");

/** What proves to the server who is here. */
export type Proof = { ticket: string } | { identity: string } | null;
type Prove = (identity: string | null | undefined) => Promise<Proof>;
let proveBy: Prove;
export const prove = (): Promise<Proof> => proveBy(identity());

export function endSession(): void {
  session = null;
}

/** The access token, which is stored in memory only. The device secret is rotated by one page at a time. */
export async function token(renew: boolean): Promise<string> {
  if (session && !renew && session.expires_at - Date.now() > 60000) return session.token;
  return (await make()).token;
}

/** The session that is being made, or else a new one. */
export const make = (proof: Proof = null): Promise<WidgetSession> =>
  (making ??= alone("session", () => begin(proof)).finally(() => (making = null)));

async function begin(given: Proof): Promise<WidgetSession> {
  const before = session;
  const device = place === "memory" ? (session?.device ?? null) : get("device");
  const sealed = get("sealed");
  const nobody = { device: null };
  const whose = get("customer");
  let secret: Pick<Body<"POST", "/widget/sessions">, "device" | "sealed"> = device || !sealed
    ? { device }
    : { ...nobody, sealed };
  let joins = account;
  let proof = isOutside() ? (given ?? (await prove())) : null;
  let s: WidgetSession | undefined;
  for (let again = true; !s; )
    try {
      s = await ask("/widget/sessions", { site, lang, ...secret, ...proof });
      if (proof && account !== joins) {
        // the account has changed while the server answered
        joins = account;
        secret = nobody;
        proof = isOutside() ? await prove() : null;
        s = undefined;
      }
    } catch (e) {
      const { code } = e as Refusal;
      if (code === "device_revoked" && secret !== nobody) secret = nobody;
      else if (code === "ticket_refused") {
        proof = again ? await prove() : null;
        again = false;
      } else if (identity() && /^ide/.test(code as string)) {
        // the page is told; whoever was here may be somebody else, so nobody is
        toHost({ do: "event", name: "error", data: { code } });
        account = undefined;
        if (whose) secret = nobody;
        proof = null;
      } else throw e;
    }
  session = s;
  const isOther = whose !== null && whose !== (s.customer ?? null);
  if (isOther) forgetAll();
  set(place === "host" ? "sealed" : "device", place === "host" ? s.sealed : s.device);
  set("customer", s.customer ?? null);
  const named = proof && identity();
  if (named) {
    // enough of the token to know it again
    set("named", named.slice(-20));
    account = s.customer;
  }
  if (s.conversation) tellKnown(true);
  began(s, !!before && before.visitor !== s.visitor, isOther);
  // what was said here before belongs to the account now
  if (proof) toHost({ do: "event", name: "joined" });
  return s;
}
