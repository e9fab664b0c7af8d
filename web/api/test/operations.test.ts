import { afterEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import { call, download } from "../src/client";
import { urlOf } from "../src/operations";
import type { GoodsImport, StaffGoods, StaffGoodsList } from "../src/types";

const path = { id: "g-1" };
const asked: string[] = [];
const serve = () => {
  asked.length = 0;
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return new Response("{}");
  });
};
afterEach(() => vi.unstubAllGlobals());

describe("an address", () => {
  it("has its values encoded, and no empty ones", () => {
    const one = { path: { key: "a/b c" }, query: { q: "流量 & more", lang: undefined } } as const;
    expect(urlOf("/sites/{key}/suggestions", one)).toBe(
      "/api/v1/sites/a%2Fb%20c/suggestions?q=%E6%B5%81%E9%87%8F+%26+more",
    );
    expect(urlOf("/webhooks/{id}/deliveries/{delivery}", { path: { id: "w?", delivery: "d#" } })).toBe(
      "/api/v1/webhooks/w%3F/deliveries/d%23",
    );
    expect(urlOf("/goods-export", { query: { format: "csv", q: "" } })).toBe("/api/v1/goods-export?format=csv");
    expect(urlOf("/knowledge/export.csv")).toBe("/api/v1/knowledge/export.csv");
  });

  it("is filled in by a call", async () => {
    serve();
    await call("PATCH", "/goods/{id}", { path: { id: "a b" }, body: { seen: 1 } });
    await call("GET", "/panel/{indicator}/conversations", {
      path: { indicator: "waiting" },
      query: { window: "today" },
    });
    expect(asked).toEqual(["/api/v1/goods/a%20b", "/api/v1/panel/waiting/conversations?window=today"]);
  });
});

/** Checked by the compiler: nothing here is ever called. */
export const types = {
  answers: async () => {
    expectTypeOf(await call("GET", "/goods")).toEqualTypeOf<StaffGoodsList>();
    expectTypeOf(await call("PATCH", "/goods/{id}", { path, body: { seen: 1 } })).toEqualTypeOf<StaffGoods>();
    expectTypeOf(await call("POST", "/goods-imports", { file: new Blob() })).toEqualTypeOf<GoodsImport>();
    expectTypeOf(await call("DELETE", "/goods/{id}", { path })).toEqualTypeOf<undefined>();
    expectTypeOf(await download("/metrics/{key}", { path: { key: "opened" } })).toEqualTypeOf<string>();
  },

  operations: () => [
    // @ts-expect-error there is no such path
    call("GET", "/good"),
    // @ts-expect-error a path is named as the document names it, not filled in
    call("GET", "/goods/g-1"),
    // @ts-expect-error goods are not replaced
    call("PUT", "/goods/{id}", { path, body: { seen: 1 } }),
    // @ts-expect-error a file is not JSON
    call("GET", "/files/{id}", { path }),
    // @ts-expect-error a member of the staff is not CSV
    download("/me"),
    // @ts-expect-error there is no such link
    urlOf("/goods-exports"),
  ],

  paths: () => [
    // @ts-expect-error no id at all
    call("GET", "/goods/{id}"),
    // @ts-expect-error of two, one is missing
    call("DELETE", "/staff/{id}/sessions/{session}", { path }),
    // @ts-expect-error a misspelt one
    call("GET", "/goods/{id}", { path: { ID: "g-1" } }),
    // @ts-expect-error an id where the path has none
    call("GET", "/goods", { path }),
    // @ts-expect-error not a number
    call("POST", "/knowledge/versions/{number}/restore", { path: { number: "3" } }),
    // @ts-expect-error a link needs its id too
    urlOf("/files/{id}"),
  ],

  queries: () => [
    // @ts-expect-error a misspelt name
    call("GET", "/goods", { query: { cursr: "x" } }),
    // @ts-expect-error a value that is not in the list
    call("GET", "/goods", { query: { state: "gone" } }),
    // @ts-expect-error a required name is missing
    call("GET", "/conversations"),
    // @ts-expect-error what is required may not be left empty
    call("GET", "/conversations", { query: { list: null } }),
    // @ts-expect-error this operation has none
    call("GET", "/me", { query: { q: "x" } }),
    // @ts-expect-error a link's names are checked too
    urlOf("/pictures/{picture}", { path: { picture: "pic_1" }, query: { size: "huge" } }),
  ],

  bodies: () => [
    // @ts-expect-error none at all
    call("POST", "/groups"),
    // @ts-expect-error a required field is missing
    call("PATCH", "/groups/{id}", { path, body: { name: "a" } }),
    // @ts-expect-error a misspelt field
    call("POST", "/groups", { body: { name: "a", nmae: "b" } }),
    // @ts-expect-error a field of another type
    call("PUT", "/me/state", { body: { state: "asleep" } }),
    // @ts-expect-error reading sends nothing
    call("GET", "/groups", { body: { name: "a" } }),
    // @ts-expect-error bytes are not JSON
    call("POST", "/goods-pictures", { body: {} }),
    // @ts-expect-error JSON is not bytes
    call("POST", "/groups", { file: new Blob() }),
  ],
};
