import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Erasure } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, server, signedIn } from "./render";
import { administrator, manager, noon } from "./samples";

const waiting: Erasure = {
  id: "ers_1",
  kind: "conversation",
  subject: "cnv_a",
  seq: null,
  reason: "asked",
  state: "waiting",
  asked_by: "江棠",
  is_own: false,
  asked_at: noon,
  decided_by: null,
  decided_at: null,
  done_at: null,
  places: [],
};
const done: Erasure = {
  ...waiting,
  id: "ers_2",
  kind: "customer",
  reason: "account_closed",
  state: "done",
  asked_by: "customer",
  done_at: noon,
  places: [
    { place: "messages", count: 12 },
    { place: "files", count: 2 },
  ],
};
const page = (...items: Erasure[]) => ({ items, next: null });
const none = { count: 0, oldest: null };
const settings = {
  "GET /erasures/settings": { four_eyes: true },
  "GET /consents/settings": { pages: true, profile: false },
  "GET /retention": { conversations: null, files: 30, views: null },
};

describe("the page of privacy", () => {
  it("lists what was erased, by whom and from where, and has its proof", async () => {
    const { asked } = server({
      ...signedIn(administrator),
      ...settings,
      "GET /erasures": page(done),
      "GET /erasures/ers_2/proof": { signature: "s" },
    });
    open("/settings/privacy");
    const row = await screen.findByRole("row", { name: /Customer/ });
    expect(within(row).getByText("The customer closed the account")).toBeTruthy();
    expect(within(row).getByText("The customer")).toBeTruthy();
    expect(within(row).getByText("messages: 12, files: 2")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(row).getByRole("button", { name: "Download the proof" }));
    await waitFor(() => expect(asked.map(({ path }) => path)).toContain("/erasures/ers_2/proof"));
  });

  it("lets a second person confirm, and never the first", async () => {
    const { asked } = server({
      ...signedIn(manager),
      ...settings,
      "GET /erasures": page(waiting, { ...waiting, id: "ers_3", kind: "visitor", is_own: true }),
      "POST /erasures/ers_1/confirm": { ...waiting, state: "running" },
    });
    open("/settings/privacy");
    const own = await screen.findByRole("row", { name: /Visitor/ });
    expect(within(own).getByRole("button", { name: "Take back" })).toBeTruthy();
    expect(within(own).queryByRole("button", { name: "Confirm" })).toBeNull();
    fireEvent.click(within(screen.getByRole("row", { name: /Conversation/ })).getByRole("button", { name: "Confirm" }));
    expect(screen.getByText("Erase this for good?")).toBeTruthy();
    const buttons = screen.getAllByRole("button", { name: "Confirm" });
    fireEvent.click(buttons[buttons.length - 1] as HTMLElement);
    await waitFor(() => expect(asked.map(({ path }) => path)).toContain("/erasures/ers_1/confirm"));
    expect(screen.getByText(/has to confirm what a member of staff wants to erase/)).toBeTruthy();
  });

  it("counts what a rule would erase before it is saved, and asks if that is something", async () => {
    const { asked, answers } = server({
      ...signedIn(administrator),
      ...settings,
      "GET /erasures": page(),
      "GET /retention/preview": { conversations: { count: 12, oldest: noon }, files: none, views: none },
      "PUT /retention": { conversations: 365, files: 30, views: null },
    });
    open("/settings/privacy");
    const field = await screen.findByLabelText("Conversations");
    fireEvent.change(field, { target: { value: "0" } });
    fireEvent.click(screen.getByRole("button", { name: "See what would go" }));
    expect(await screen.findByText("A number of days from 1 to 3653, or nothing")).toBeTruthy();
    fireEvent.change(field, { target: { value: "365" } });
    fireEvent.click(screen.getByRole("button", { name: "See what would go" }));
    expect(await screen.findByText(/12 conversations/)).toBeTruthy();
    expect(asked.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    fireEvent.click(await screen.findByRole("button", { name: "Save and erase" }));
    await waitFor(() =>
      expect(asked.find(({ method }) => method === "PUT")?.body).toEqual({
        conversations: 365,
        files: 30,
        views: null,
      }),
    );
    // What erases nothing is saved at once.
    answers["GET /retention"] = { conversations: 365, files: 30, views: null };
    answers["GET /retention/preview"] = { conversations: none, files: none, views: none };
    fireEvent.change(await screen.findByLabelText("Interests"), { target: { value: "90" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked.filter(({ method }) => method === "PUT")).toHaveLength(2));
  });

  it("tells managers how long things are kept", async () => {
    server({ ...signedIn(manager), ...settings, "GET /erasures": page() });
    open("/settings/privacy");
    expect(await screen.findByText("Files: 30 days")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "See what would go" })).toBeNull();
  });
});
