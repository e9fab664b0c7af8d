import { home } from "@yingda/api/home";
import type { Answer, Body, JsonPath, Path, Query, Verb } from "@yingda/api/operations";

/** Why a request was refused: the code used in docs and locales, and the HTTP status. */
export interface Refusal {
  code?: string;
  status?: number;
}

/** A path with its values filled in. */
type Filled<P> = P extends `${infer A}{${string}}${infer B}` ? `${A}${string}${Filled<B>}` : P;
/** The address of what is shown, fetched or uploaded without `ask`; its query is not checked. */
export type Address = `/api/v1${Filled<Path<"GET" | "POST" | "PUT">>}${"" | `?${string}`}`;

/** The path of the operation at an address; never if there is none. */
type PathOf<V extends Verb, A> = {
  [P in JsonPath<V>]: [A, Filled<P>] extends [Filled<P>, A] ? P : never;
}[JsonPath<V>];

/** A query by its names. */
type Named<Q> = Q extends `${infer One}&${infer More}`
  ? Named<One> & Named<More>
  : Q extends `${infer K}=${infer T}`
    ? Record<K, T>
    : never;
/** Whether `Asked` is a query that `Taken` allows: all that is required, and nothing else. */
type Fits<Asked, Taken> = Asked extends Taken ? (keyof Asked extends keyof Taken ? true : false) : false;
/** The path of what is read at an address. */
type Read<A> = A extends `${infer Before}?${infer Q}`
  ? Fits<Named<Q>, Query<"GET", PathOf<"GET", Before>>> extends true
    ? PathOf<"GET", Before>
    : never
  : PathOf<"GET", A>;
/** What is sent to an address: the body of the operation, if nothing can be read there. */
type Sent<A> = [Read<A>] extends [never] ? [body: Body<"POST", PathOf<"POST", A>>] : [];

/** One JSON request to /api/v1, typed by the operation at its address; rejects with a `Refusal`. What is sent goes on when the page ends. Smaller than client.ts: values are encoded by the caller. */
export function ask<A extends string>(
  address: A,
  ...sent: Sent<A>
): Promise<[Read<A>] extends [never] ? Answer<"POST", PathOf<"POST", A>> : Answer<"GET", Read<A>>>;
export async function ask(address: string, body?: unknown): Promise<unknown> {
  const r = await fetch(
    `${home}/api/v1${address}`,
    body
      ? {
          method: "POST",
          keepalive: true,
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        }
      : {},
  );
  if (r.status === 204) return;
  const data = (await r.json()) as Refusal;
  // An object without anything in it is nobody's answer that we know.
  if (!r.ok || !Object.keys(data)[0]) throw Object.assign(new Error(data.code), { code: data.code, status: r.status });
  return data;
}
