import { createMemoryHistory } from "@tanstack/react-router";
import { describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "../src/app";
import { makeRouter } from "../src/router";
import { fetchAhead, noteStart } from "../src/shell/ahead";

describe("what a page consists of", () => {
  const fetchedAt = async (path: string) => {
    const router = makeRouter(makeQueryClient(), createMemoryHistory({ initialEntries: [`/console${path}`] }));
    const load = vi.spyOn(router, "loadRouteChunk");
    await fetchAhead(router);
    return load.mock.calls.map(([route]) => route.id);
  };

  it("is fetched at once where somebody was signed in, and not before anybody was", async () => {
    expect(await fetchedAt("/goods")).toEqual([]);
    noteStart("/floor/live");
    expect(await fetchedAt("/goods?open=g-001")).toEqual(expect.arrayContaining(["/inside", "/inside/goods"]));
    // The address of the console as a whole leads to the page with which they begin.
    expect(await fetchedAt("/")).toEqual(expect.arrayContaining(["/inside", "/inside/floor/live"]));
    noteStart(null);
    expect(await fetchedAt("/goods")).toEqual([]);
  });
});
