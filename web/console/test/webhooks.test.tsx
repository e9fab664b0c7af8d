import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { Delivery, DeliveryDetail, Me, Webhook } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { administrator, noon } from "./samples";

const tara: Me = { ...administrator, permissions: ["desk", "panel", "canned_replies.edit", "integrations"] };
const crm: Webhook = {
  id: "whk_1",
  url: "https://crm.example/in",
  description: "CRM",
  events: ["conversation.opened", "conversation.rated"],
  bodies: false,
  state: "enabled",
  pending: 2,
  dead: 3,
  old_secret_until: null,
  created_at: noon,
  updated_at: 100,
};
const dead: Delivery = {
  id: "dlv_1",
  type: "conversation.rated",
  conversation: "cnv_1",
  seq: 7,
  state: "dead",
  attempts: 18,
  last_code: "unreachable",
  next_at: null,
  created_at: noon,
  ended_at: noon + 1000,
};
const detail: DeliveryDetail = {
  ...dead,
  url: crm.url,
  request: '{"id":"evt_1","type":"conversation.rated"}',
  tried: [{ number: 18, at: noon, duration_ms: 42, status: 503, code: "refused", excerpt: "<b>closed for lunch</b>" }],
};
const list = (...items: unknown[]) => ({ items });
const page = (...items: unknown[]) => ({ items, next: null });
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe("webhooks", () => {
  it("lists endpoints with what waits and what was given up, and is accessible", async () => {
    server({
      ...signedIn(tara),
      "GET /webhooks": list(crm, {
        ...crm,
        id: "whk_2",
        url: "https://gone.example/",
        state: "gone",
        dead: 0,
        pending: 0,
      }),
    });
    open("/settings/webhooks");
    const card = await screen.findByRole("listitem", { name: crm.url });
    expect(within(card).getByText("3 dead letters")).toBeTruthy();
    expect(within(card).getByText("2 waiting")).toBeTruthy();
    expect(screen.getByText(/answered 410/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("says what it is for while there is none, and leads there from the rail", async () => {
    server({ ...signedIn(tara), "GET /webhooks": list(), "GET /canned-replies": page() });
    open("/bot/canned-replies");
    fireEvent.click((await screen.findAllByRole("link", { name: "Settings" }))[0]!);
    expect(await screen.findByText("No endpoints yet")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("shows an error in place of the list", async () => {
    server({ ...signedIn(tara), "GET /webhooks": new Refusal(500, "internal") });
    open("/settings/webhooks");
    expect((await screen.findByRole("alert")).textContent).toBe("Server error");
  });

  it("adds one and shows its secret once", async () => {
    const all = server({
      ...signedIn(tara),
      "GET /webhooks": list(),
      "POST /webhooks": { ...crm, secret: "whsec_abc" },
    });
    open("/settings/webhooks");
    fireEvent.click(await screen.findByRole("button", { name: "New endpoint" }));
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "None" }));
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    const events = screen.getByRole("group", { name: "Events" });
    expect(within(events).getByRole("alert").textContent).toBe("Choose at least one event");
    expect(events.getAttribute("aria-invalid")).toBe("true");
    expect(await faults(document.body)).toEqual([]);
    expect(screen.getByText(/Enter a complete address/)).toBeTruthy();
    type("Address", " https://crm.example/in ");
    type("Purpose", "CRM");
    fireEvent.click(screen.getByRole("checkbox", { name: /Rated/ }));
    fireEvent.click(screen.getByRole("checkbox", { name: /Conversation started/ }));
    fireEvent.click(screen.getByRole("switch", { name: "Include message text" }));
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    const shown = await screen.findByRole("dialog", { name: "The endpoint’s secret" });
    expect(all.asked.find((one) => one.method === "POST")?.body).toEqual({
      url: "https://crm.example/in",
      description: "CRM",
      events: ["conversation.opened", "conversation.rated"],
      bodies: true,
    });
    expect((within(shown).getByLabelText("Secret") as HTMLInputElement).value).toBe("whsec_abc");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(shown).getByRole("button", { name: "I have saved it" }));
    await waitFor(() => expect(screen.queryByDisplayValue("whsec_abc")).toBeNull());
  });

  it("puts a refused address beside its field and keeps what was written", async () => {
    server({ ...signedIn(tara), "GET /webhooks": list(), "POST /webhooks": new Refusal(422, "invalid_value", "url") });
    open("/settings/webhooks");
    fireEvent.click(await screen.findByRole("button", { name: "New endpoint" }));
    type("Address", "https://10.0.0.1/");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/This address cannot be used/)).toBeTruthy();
    expect(screen.getByLabelText("Address").getAttribute("aria-invalid")).toBe("true");
    expect((screen.getByLabelText("Address") as HTMLInputElement).value).toBe("https://10.0.0.1/");
  });

  it("lets the user choose if somebody else was faster, and saves over the newer version", async () => {
    const newer = { ...crm, description: "Orders", updated_at: 200 };
    const asked = server({
      ...signedIn(tara),
      "GET /webhooks": list(crm),
      "PATCH /webhooks/whk_1": (one: Asked) =>
        (one.body as { seen: number }).seen === 200 ? newer : new Refusal(409, "conflict"),
    });
    open("/settings/webhooks");
    fireEvent.click(await screen.findByRole("button", { name: "Edit" }));
    type("Purpose", "Tickets");
    asked.answers["GET /webhooks"] = list(newer);
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/Somebody has changed it/)).toBeTruthy();
    expect([screen.getByText("Tickets"), screen.getByText("Orders")]).toHaveLength(2);
    fireEvent.click(screen.getByRole("button", { name: "Use mine" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked.asked.findLast((one) => one.method === "PATCH")?.body).toMatchObject({
      description: "Tickets",
      seen: 200,
    });
  });

  it("shows dead letters first, their answers as text, and replays one and all", async () => {
    const all = server({
      ...signedIn(tara),
      "GET /webhooks": list(crm),
      "GET /webhooks/whk_1/deliveries": ({ query }: Asked) => (query.get("state") === "dead" ? page(dead) : page()),
      "GET /webhooks/whk_1/deliveries/dlv_1": detail,
      "POST /webhooks/whk_1/deliveries/dlv_1/replay": { ...dead, state: "pending" },
    });
    let left = 501;
    all.answers["POST /webhooks/whk_1/replay"] = () => {
      const replayed = Math.min(left, 500);
      left -= replayed;
      return { replayed, left };
    };
    open("/settings/webhooks");
    fireEvent.click(await screen.findByRole("button", { name: "Deliveries" }));
    const row = (await screen.findByText("Unreachable")).closest("tr")!;
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(row).getByRole("button", { name: "Replay dlv_1" }));
    expect(await screen.findByText("1 dead letter is being tried again")).toBeTruthy();
    fireEvent.click(within(row).getByRole("button", { name: /^Rated/ }));
    const drawer = await screen.findByRole("dialog", { name: "Delivery" });
    expect(await within(drawer).findByText("<b>closed for lunch</b>")).toBeTruthy();
    expect(within(drawer).getByText(/"type": "conversation.rated"/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(drawer).getByRole("button", { name: "Close" }));
    fireEvent.click(screen.getByRole("button", { name: "Replay all" }));
    const ask = screen.getByRole("dialog", { name: "Replay 3 dead letters?" });
    fireEvent.click(within(ask).getByRole("button", { name: "Replay all" }));
    expect(await screen.findByText("501 dead letters are being tried again")).toBeTruthy();
    expect(all.asked.filter((one) => one.path === "/webhooks/whk_1/replay")).toHaveLength(2);
    fireEvent.click(screen.getByRole("button", { name: "Delivered" }));
    expect(await screen.findByText("Nothing delivered yet")).toBeTruthy();
  });

  it("sends a test and shows what was answered", async () => {
    const sent: Delivery = {
      ...dead,
      id: "dlv_9",
      type: "test",
      conversation: null,
      state: "pending",
      attempts: 0,
      last_code: null,
    };
    let asked = 0;
    const ended: DeliveryDetail = {
      ...sent,
      state: "delivered",
      url: crm.url,
      request: "{}",
      tried: [{ number: 1, at: noon, duration_ms: 12, status: 200, code: "delivered", excerpt: "thanks" }],
    };
    server({
      ...signedIn(tara),
      "GET /webhooks": list(crm),
      "POST /webhooks/whk_1/test": sent,
      "GET /webhooks/whk_1/deliveries/dlv_9": () => {
        asked += 1;
        return asked === 1 ? { ...ended, state: "pending", tried: [] } : ended;
      },
    });
    open("/settings/webhooks");
    fireEvent.click(await screen.findByRole("button", { name: "Send a test" }));
    const drawer = await screen.findByRole("dialog", { name: "Test" });
    expect(await within(drawer).findByText("thanks")).toBeTruthy();
    expect(within(drawer).queryByRole("button", { name: "Replay" })).toBeNull();
  });

  it("asks before a new secret is made and before it is deleted", async () => {
    const all = server({
      ...signedIn(tara),
      "GET /webhooks": list(crm),
      "POST /webhooks/whk_1/secret": { ...crm, secret: "whsec_new" },
      "DELETE /webhooks/whk_1": null,
    });
    open("/settings/webhooks");
    fireEvent.click(await screen.findByRole("button", { name: "New secret" }));
    fireEvent.click(
      within(screen.getByRole("dialog", { name: "Create a new secret?" })).getByRole("button", { name: "New secret" }),
    );
    fireEvent.click(
      within(await screen.findByRole("dialog", { name: "The endpoint’s secret" })).getByRole("button", {
        name: "I have saved it",
      }),
    );
    fireEvent.click(screen.getByRole("button", { name: "Delete" }));
    expect(all.asked.some((one) => one.method === "DELETE")).toBe(false);
    fireEvent.click(
      within(screen.getByRole("dialog", { name: "Delete this endpoint?" })).getByRole("button", { name: "Delete" }),
    );
    await waitFor(() => expect(all.asked.some((one) => one.method === "DELETE")).toBe(true));
  });

  it("is not for managers", async () => {
    const all = server({
      ...signedIn({ ...tara, permissions: ["desk", "canned_replies.edit"] }),
      "GET /webhooks": new Refusal(403, "not_permitted"),
    });
    open("/settings/webhooks");
    expect((await screen.findByRole("alert")).textContent).toMatch(/You do not have permission/);
    expect(screen.queryByRole("link", { name: "Settings" })).toBeNull();
    expect(all.asked.some((one) => one.path === "/webhooks")).toBe(false);
  });
});
