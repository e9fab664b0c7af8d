import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { forgetPerson } from "../src/lib/session";
import { recordsSearch } from "../src/records/search";
import { EventStream } from "./fake-stream";
import { open, Refusal, server, signedIn } from "./render";
import { conversation, head, me, served } from "./samples";

const line = (seq: number, text: string, isFound = false) => ({
  seq,
  at: 1_795_140_000_000 + seq * 1000,
  by: seq % 2 ? "customer" : "agent",
  name: seq % 2 ? null : "沈知微",
  is_note: false,
  text: isFound
    ? [
        { text: "the ", is_found: false },
        { text, is_found: true },
      ]
    : [{ text, is_found: false }],
});
const found = {
  ...conversation("a"),
  times: { handled: 1, handle_sum: 300_000, talk_sum: 200_000, reply: 2, reply_mean: 20_000, reply_longest: 65_000 },
  outcome: null,
  score: 2,
  found: { before: [line(2, "Good morning")], line: line(3, "parcel", true), after: [line(4, "Let me look")] },
};
const plain = { ...conversation("b"), times: null, outcome: null, score: null, found: null };
const complete = { is_complete: true, read_until: 1_795_140_000_000 };
const answers = (records: unknown) => ({
  "GET /records": records,
  "GET /records/cnv_a": { ...found, found: null },
  "GET /queues": { items: [], next: null },
  "GET /colleagues": { agents: [{ id: me.agent, name: me.name }], queues: [] },
});

beforeEach(() => forgetPerson(new QueryClient()));

it("shows what was found with its neighbours and how it went, and reads it beside the list at the line", async () => {
  const all = server({ ...signedIn(me), ...answers({ items: [found, plain], next: null, index: complete }) });
  const { router } = open("/records?q=parcel");
  const [first] = (await screen.findAllByRole("listitem")).filter((row) => row.dataset.id === "cnv_a");
  expect(first?.textContent).toMatch(/Good morning.*the parcel.*Let me look/);
  expect(first?.querySelector("mark")?.textContent).toBe("parcel");
  expect(first?.textContent).toMatch(/Talk time3 min 20 s.*Mean reply20 s.*Longest reply1 min 05 s.*Rating2 of 5/);
  expect(await faults(document.body)).toEqual([]);
  expect(all.asked.find(({ path }) => path === "/records")?.query.get("q")).toBe("parcel");
  fireEvent.click(within(first as HTMLElement).getByRole("link"));
  await waitFor(() => expect(router.state.location.search).toMatchObject({ q: "parcel", open: "cnv_a", note: 3 }));
  const reader = await screen.findByRole("complementary", { name: "The conversation" });
  act(() => {
    EventStream.last.become({ state: "live" });
    EventStream.last.receive({
      t: "reset",
      stream: "cnv_a",
      generation: "g",
      seq: 9,
      state: head,
      marks: { customer: { received: 2, read: 2 }, staff: { received: 1, read: 1 } },
      entries: served(),
    });
  });
  await waitFor(() => expect(within(reader).getByRole("log").querySelector("[data-seq]")).toBeTruthy());
  fireEvent.keyDown(document.body, { key: "Escape", code: "Escape" });
  await waitFor(() => expect(router.state.location.search).toEqual({ q: "parcel" }));
});

it("narrows by what is chosen, says what is missing, and clears the search", async () => {
  const all = server({
    ...signedIn(me),
    ...answers({ items: [], next: null, index: { is_complete: false, read_until: null } }),
  });
  const { router } = open("/records");
  await screen.findByText(/No conversations yet/);
  expect(screen.getByText(/are being indexed/)).toBeTruthy();
  fireEvent.change(screen.getByRole("combobox", { name: "Rating" }), { target: { value: "poor" } });
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-11-01" } });
  await screen.findByText(/No conversation matches/);
  await waitFor(() => expect(router.state.location.search).toMatchObject({ rating: "poor", from: "2026-11-01" }));
  const last = all.asked.filter(({ path }) => path === "/records").at(-1);
  expect(Object.fromEntries(last?.query ?? [])).toMatchObject({ rating: "poor", from: "2026-11-01" });
  fireEvent.click(screen.getByRole("button", { name: "Clear the search" }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
});

it("says why a search is refused", async () => {
  server({ ...signedIn(me), ...answers(new Refusal(422, "too_large", "q")) });
  open("/records?q=a");
  await screen.findByRole("alert");
});

it("takes from the address only what it can search for", () => {
  expect(recordsSearch({ q: 2026, from: "2026-11-01", to: "soon", agent: "agt_1", queue: "a b", note: -1 })).toEqual({
    q: "2026",
    from: "2026-11-01",
    agent: "agt_1",
  });
});

it("offers what is listed as a file to whoever has the right, narrowed as the list is", async () => {
  const some = answers({ items: [plain], next: null, index: complete });
  const allowed = { ...me, permissions: [...me.permissions, "records.export" as const] };
  server({ ...signedIn(allowed), ...some });
  open("/records?q=parcel&rating=poor");
  fireEvent.click(await screen.findByRole("button", { name: "Export" }));
  const files = await screen.findAllByRole("link", { name: /file/ });
  expect(files.map((file) => file.getAttribute("href"))).toEqual([
    "/api/v1/records/export.csv?q=parcel&rating=poor",
    "/api/v1/records/export.ndjson?q=parcel&rating=poor",
  ]);
  expect(files.every((file) => file.hasAttribute("download"))).toBe(true);
  cleanup();
  forgetPerson(new QueryClient());
  server({ ...signedIn(me), ...some });
  open("/records");
  await screen.findByRole("searchbox");
  await screen.findAllByRole("listitem");
  expect(screen.queryByRole("button", { name: "Export" })).toBeNull();
});
