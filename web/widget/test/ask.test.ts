import type { Site, Suggestion, WidgetSession } from "@yingda/api/types";
import { afterEach, expect, expectTypeOf, it, vi } from "vitest";
import { type Address, ask } from "../src/ask";

afterEach(() => vi.unstubAllGlobals());

it("reads what is at an address, or sends a body there, and rejects with the code and the status", async () => {
  const asked = vi.fn(async (_url: string, _init: RequestInit) => Response.json({ code: "busy" }, { status: 503 }));
  vi.stubGlobal("fetch", asked);
  await expect(ask(`/sites/${encodeURIComponent("a b")}`)).rejects.toMatchObject({ code: "busy", status: 503 });
  expect(asked.mock.lastCall).toEqual(["/api/v1/sites/a%20b", {}]);
  asked.mockResolvedValue(Response.json({ token: "t" }));
  await expect(ask("/widget/sessions", { site: "demo", lang: "en" })).resolves.toEqual({ token: "t" });
  expect(asked.mock.lastCall?.[1]).toMatchObject({ method: "POST", body: '{"site":"demo","lang":"en"}' });
});

it("goes on when the page ends, and takes an empty answer for a yes", async () => {
  const asked = vi.fn(async (_url: string, _init: RequestInit) => new Response(null, { status: 204 }));
  vi.stubGlobal("fetch", asked);
  await expect(ask(`/sites/${"demo"}/response-times`, {})).resolves.toBeUndefined();
  expect(asked.mock.lastCall?.[1]).toMatchObject({ method: "POST", keepalive: true, body: "{}" });
});

/** Checked by the compiler: nothing here is ever called. */
export const types = async (key: string, id: string) => [
  expectTypeOf(await ask(`/sites/${key}`)).toEqualTypeOf<Site>(),
  expectTypeOf(await ask(`/sites/${key}/suggestions?q=${id}&lang=en`)).toEqualTypeOf<{ items: Suggestion[] }>(),
  expectTypeOf(await ask("/widget/sessions", { site: key, lang: "en" })).toEqualTypeOf<WidgetSession>(),
  `/api/v1/files/${id}` satisfies Address,

  // @ts-expect-error there is no such path
  ask(`/site/${key}`),
  // @ts-expect-error its id is missing
  ask(`/sites/${key}/goods?id=${id}`),
  // @ts-expect-error a misspelt name in the query
  ask(`/sites/${key}/suggestions?q=${id}&language=en`),
  // @ts-expect-error a required name is missing from the query
  ask(`/sites/${key}/suggestions?lang=en`),
  // @ts-expect-error a value that is not in the list
  ask(`/sites/${key}/suggestions?q=${id}&lang=fr`),
  // @ts-expect-error reading sends nothing
  ask(`/sites/${key}`, { site: key }),
  // @ts-expect-error a body is missing
  ask("/widget/sessions"),
  // @ts-expect-error a misspelt field of a body
  ask("/widget/sessions", { site: key, language: "en" }),
  // @ts-expect-error there is no such address
  `/api/v1/file/${id}` satisfies Address,
];
