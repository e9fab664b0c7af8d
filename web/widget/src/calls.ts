import { ask } from "./ask";
import { askAsVisitor } from "./ask-as-visitor";
import { connect, isPaused, pause } from "./connection";
import { awaitTicket, toHost, type FromHost, type HostOptions } from "./host";
import { get } from "./kept";
import { say } from "./saying";
import { account, belongsTo, isOutside, make, prove as ofPage, siteUrl, type Proof } from "./session";
import { sayText } from "./writing";

/** What the script of the page around us may ask for besides opening the chat, and what is said of that page. */

/** The waits before an account is tried again that could not be joined, in milliseconds; after that, the next session tries. */
const JOIN_AFTER = [2000, 4000, 8000, 16_000, 32_000];
let joinTimer: ReturnType<typeof setTimeout> | undefined;

/** Joins the account that the page names. The connection is closed first: unanswered sends are repeated on the next one, and stored once. */
export async function joinAccount(tries = 0): Promise<void> {
  clearTimeout(joinTimer);
  const joined = await join(() => pause(true)).catch(() => false);
  const wasClosed = isPaused;
  pause(false);
  if (wasClosed || joined || isOutside()) connect();
  // on failure, the visitor's own session continues
  const wait = JOIN_AFTER[tries];
  if (!joined && isOutside() && wait)
    joinTimer = setTimeout(() => void joinAccount(tries + 1), wait * (0.75 + Math.random() / 2));
}

/** How long to wait for a ticket. */
const TICKET_WITHIN = 10_000;
/** What proves to the server that the page's account is here: its token, or a ticket that the page is asked for; null if there is none. */
export const prove = (identity: string | null | undefined): Proof | Promise<Proof> =>
  identity
    ? { identity }
    : new Promise((resolve) => {
        awaitTicket((ticket) => resolve(ticket ? { ticket } : null));
        setTimeout(resolve, TICKET_WITHIN, null);
        toHost({ do: "ticket" });
      });

/** The page's server names the customer by a token. One that was used here before, on a page that is shown again, names the same. Returns whether it is new. */
export const names = (token: string): boolean =>
  belongsTo(token.endsWith(get("named") ?? "?") ? get("customer") : token) === "join";

/** Makes a session with a proof of the page's account, after `begins`. Returns whether the device belongs to the account now. */
async function join(begins: () => void): Promise<boolean> {
  const joins = account;
  const proof = await ofPage();
  if (!proof || account !== joins || !isOutside()) return false;
  begins();
  await make(proof);
  return !!account && !isOutside();
}

/** Tells the page, in its console and by the event `error`, what a call should have been. */
function refuse(call: string, message: string): void {
  console.warn(`yingda: ${message}`);
  toHost({ do: "event", name: "error", data: { code: `${call}_invalid`, message: `yingda: ${message}` } });
}

/** `yingda('send', 'text')` or `yingda('send', { product: 'g-001' })`: says it in the customer's name. */
function send(what: unknown): void {
  if (typeof what === "string" && what.trim()) return sayText(what);
  const product = (what as { product?: unknown } | null)?.product;
  if (typeof product === "string" && product) return void say({ type: "product", product });
  refuse("send", "send takes a text, or { product: id }");
}

/**
 * `yingda('track', 'view', { product: 'g-001' })`: the customer looks at a product or a plan. It begins no session, so nothing is noted of somebody who has not
 * used the chat; of anybody else, the server notes it if they have agreed to that.
 */
async function track(event: unknown, about: unknown): Promise<void> {
  const { product, plan } = (about ?? {}) as { product?: unknown; plan?: unknown };
  const id = product ?? plan;
  if (event !== "view" || typeof id !== "string" || !id)
    return refuse("track", "track takes 'view' and { product: id } or { plan: id }");
  if (get("device") === null && get("sealed") === null) return;
  await askAsVisitor(
    "/api/v1/widget/views",
    JSON.stringify({ kind: product === undefined ? "plan" : "product", id }),
    "POST",
  );
}

/** Says on which page the chat was loaded, and by which loader, so that those who set up the site see that it is installed. The query stays on the page. */
function sighted({ page, v }: HostOptions): void {
  const url = page?.url.split(/[?#]/)[0];
  if (url) void ask(`${siteUrl()}/sightings`, { page: url, loader: v ?? 1 }).catch(() => undefined);
}

/** A message of the page that the app itself does not answer. */
export function heard(m: FromHost): void {
  if (m.do === "init") sighted(m);
  else if (m.do === "identify" && m.token && names(m.token)) void joinAccount();
  else if (m.do === "send") send(m.a);
  else if (m.do === "track") void track(m.a, m.b);
}
