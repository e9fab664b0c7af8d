/** What the server's operations take and answer, derived from `paths` of schema.ts, and their addresses. */
import { home } from "./home";
import type { paths } from "./schema";

export type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

type Below<P> = P extends `/api/v1${infer Rest}` ? Rest : never;

type By<V extends Verb, Verbs> = Verbs extends Record<Lowercase<V>, infer O> ? O : never;

/** Every operation, by verb and by path below /api/v1. */
type Operations = {
  [V in Verb]: {
    [P in keyof paths as [By<V, paths[P]>] extends [never] ? never : Below<P>]: By<V, paths[P]>;
  };
};
/** The paths that take a verb. */
export type Path<V extends Verb> = V extends Verb ? keyof Operations[V] : never;
type Operation<V extends Verb, P> = V extends Verb ? (P extends keyof Operations[V] ? Operations[V][P] : never) : never;

/** An optional parameter may be given empty; it is not sent then. */
type OrEmpty<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | null | "" : T[K] };

/** What an operation takes in its address. */
type InAddress<O> = (O extends { parameters: { path: infer T } } ? { path: T } : unknown) &
  (O extends { parameters: { query: infer T } }
    ? { query: OrEmpty<T> }
    : O extends { parameters: { query?: infer T } }
      ? [NonNullable<T>] extends [never]
        ? unknown
        : { query?: OrEmpty<NonNullable<T>> }
      : unknown);

/** What an operation takes as its body: JSON, or the bytes of a file as they are. */
type InBody<O> = O extends { requestBody: { content: infer C } }
  ? C extends { "application/json": infer T }
    ? { body: T }
    : { file: Blob }
  : unknown;

/** The last argument of a request, which may be left out if nothing in it is required. */
type Rest<T> = Partial<T> extends T ? [given?: T] : [given: T];

/** The arguments of a request after its verb and its path; `More` is what a client adds. */
export type Given<V extends Verb, P, More = unknown> = Rest<
  InAddress<Operation<V, P>> & InBody<Operation<V, P>> & More
>;

/** The query that an operation takes. */
export type Query<V extends Verb, P extends Path<V>> =
  Operation<V, P> extends { parameters: { query?: infer T } } ? NonNullable<T> : never;
/** The JSON that an operation takes. */
export type Body<V extends Verb, P extends Path<V>> =
  Operation<V, P> extends { requestBody: { content: { "application/json": infer T } } } ? T : never;

type Content<R> = R extends { content: infer C } ? C : undefined;
/** The content of an operation's answer by media type; undefined if the answer is empty. */
type Answered<O> = O extends { responses: infer R } ? Content<R[keyof R & (200 | 201 | 202 | 204)]> : never;
type Json<C> = C extends undefined ? undefined : C extends { "application/json": infer T } ? T : never;

/** The answer of an operation: its JSON, or undefined if it is empty. */
export type Answer<V extends Verb, P> = Json<Answered<Operation<V, P>>>;

/** The paths that answer a verb with JSON or with nothing. */
export type JsonPath<V extends Verb> = { [P in Path<V>]: [Answer<V, P>] extends [never] ? never : P }[Path<V>];
/** The paths whose answer can be read as CSV. */
export type CsvPath = {
  [P in Path<"GET">]: Answered<Operation<"GET", P>> extends { "text/csv": string } ? P : never;
}[Path<"GET">];

/** The values in an address. */
export interface InUrl {
  path?: Record<string, string | number>;
  query?: Record<string, string | number | boolean | null | undefined>;
}

/** The address of a request. Its values are encoded here and nowhere else; empty ones of the query are left out. */
export function address(path: string, { path: names = {}, query = {} }: InUrl = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ""));
  const asked = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const words = new URLSearchParams(asked.map(([name, value]) => [name, String(value)]));
  return `${home}/api/v1${filled}${asked.length ? `?${words}` : ""}`;
}

/** The operation behind what a page links to, shows, or uploads to by itself. */
type Linked<P> = P extends Path<"GET"> ? Operation<"GET", P> : Operation<"POST", P>;

/** The address of what a page links to, shows, or uploads to by itself. */
export const urlOf = <P extends Path<"GET" | "POST">>(path: P, ...given: Rest<InAddress<Linked<P>>>): string =>
  address(path, given[0] ?? {});
