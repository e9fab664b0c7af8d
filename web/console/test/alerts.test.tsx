import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { type ConversationAlert, type Heard, hear } from "../src/lib/alerts";
import { EventStream } from "./fake-stream";
import { open, server, signedIn, type Asked } from "./render";
import { administrator, alertOf, noon } from "./samples";

/** The nth of a flood from one network, which stands for others. */
const fake = (n: number, others: number, change: Partial<ConversationAlert> = {}) =>
  alertOf(`f${n}`, { network: "aa", others, raised_at: noon + n, ...change });
const real = alertOf("real", { network: "bb" });

describe("what is heard", () => {
  const listening = () => {
    let heard: Heard = { alerts: new Set(), floods: new Map() };
    return (now: number, ...rows: ConversationAlert[]) => {
      const found = hear(rows, heard, now);
      heard = found.heard;
      return [found.isNew, found.again];
    };
  };

  it("is somebody new, and of a flood from one network its beginning", () => {
    const hears = listening();
    const isHeard = (...rows: ConversationAlert[]) => hears(0, ...rows)[0];
    expect([isHeard(), isHeard(fake(1, 0)), isHeard(fake(1, 0))]).toEqual([false, true, false]);
    expect([isHeard(fake(4, 3)), isHeard(fake(5, 4)), isHeard(fake(99, 98))]).toEqual([true, false, false]);
    expect([isHeard(real, fake(120, 119)), isHeard(real, fake(121, 120))]).toEqual([true, false]);
  });

  it("is whoever is new in the row of a flood, at most once a minute", () => {
    const hears = listening();
    expect(hears(0, fake(4, 3))).toEqual([true, null]);
    // The same person again is nobody new.
    expect(hears(1_000, fake(5, 4, { customer: fake(4, 0).customer }))).toEqual([false, null]);
    expect(hears(2_000, fake(6, 5))).toEqual([false, 58_000]);
    expect(hears(3_000, fake(7, 6, { customer: fake(4, 0).customer }))).toEqual([false, 57_000]);
    expect(hears(60_000, fake(7, 6, { customer: fake(4, 0).customer }))).toEqual([true, null]);
    expect(hears(120_000, fake(8, 7))).toEqual([true, null]);
    expect(hears(120_001, fake(9, 8), real)).toEqual([true, 59_999]);
    // They are acknowledged, until those that are left are listed one by one: these are old.
    expect(hears(180_000, real, fake(9, 0))).toEqual([true, null]);
    expect(hears(240_000, real, fake(9, 0), fake(3, 0))).toEqual([false, null]);
    expect(hears(240_000, real)).toEqual([false, null]);
    expect(hears(240_000, real, fake(122, 0))).toEqual([true, null]);
  });
});

describe("a flood from one network", () => {
  it("is one row, is counted, and leaves the banner to somebody else", async () => {
    const { conversation, customer, lang, state, text, raised_at } = fake(1, 0);
    const flood = fake(120, 119, { oldest: { conversation, customer, lang, state, text, raised_at } });
    const every = Array.from({ length: 120 }, (_, n) => fake(120 - n, 0));
    const alerts = ({ query }: Asked) => {
      const from = Number(query.get("cursor") ?? 0);
      const page = { items: every.slice(from, from + 50), next: from < 100 ? String(from + 50) : null, waiting: 121 };
      return query.get("network") === "aa" ? page : { items: [flood, real], next: null, waiting: 121 };
    };
    const { asked } = server({ ...signedIn(), "GET /queues": { items: [] }, "GET /alerts": alerts });
    open("/inbox/alerts");
    const list = await screen.findByRole("list", { name: "Alerts" });
    const rows = () => within(list).getAllByRole("listitem");
    expect(rows()).toHaveLength(2);
    for (const words of ["words of real", "words of f120"]) expect(within(list).getByText(words)).toBeTruthy();
    expect(within(list).getByText(/^The first of them: /)).toBeTruthy();
    expect(within(list).getByRole("link", { name: "words of f1" }).getAttribute("href")).toContain("/inbox/cnv_f1");
    const banner = screen.getByRole("alert");
    const [there, all] = within(banner).getAllByRole("link");
    expect([there?.getAttribute("href"), all?.textContent]).toEqual([
      expect.stringContaining("/inbox/cnv_real"),
      "121 alerts",
    ]);
    expect(asked.filter((one) => one.query.has("network"))).toEqual([]);

    const more = within(list).getByRole("button", { name: "119 more from the same network" });
    fireEvent.click(more);
    expect(await screen.findByText("words of f119")).toBeTruthy();
    expect([more.getAttribute("aria-expanded"), rows().length]).toEqual(["true", 2 + 49]);
    fireEvent.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByText("words of f21")).toBeTruthy();
    expect(rows()).toHaveLength(2 + 99);
    fireEvent.click(more);
    expect(rows()).toHaveLength(2);
    expect(await faults(document.body)).toEqual([]);
  });

  it("is acknowledged as a whole, also what is not shown yet, after a question", async () => {
    const every = Array.from({ length: 3 }, (_, n) => fake(3 - n, 0));
    const alerts = ({ query }: Asked) => {
      const from = Number(query.get("cursor") ?? 0);
      return query.get("network") === "aa"
        ? { items: every.slice(from, from + 2), next: from === 0 ? "2" : null, waiting: 3 }
        : { items: [fake(3, 2)], next: null, waiting: 3 };
    };
    server({ ...signedIn(), "GET /queues": { items: [] }, "GET /alerts": alerts });
    open("/inbox/alerts");
    fireEvent.click(await screen.findByRole("button", { name: "I have seen all 3 of this network" }));
    fireEvent.click(await screen.findByRole("button", { name: "I have seen them" }));
    const acknowledged = () =>
      EventStream.last.sent.filter(({ body }) => body.type === "acknowledge_alert").map((one) => one.conversation);
    await waitFor(() => expect(acknowledged()).toEqual(["cnv_f3", "cnv_f2", "cnv_f1"]));
  });
});

it("counts the acknowledged ones where they are listed", async () => {
  const page = ({ query }: Asked) => ({
    items: query.has("done") ? [alertOf("a", { done_at: noon, done_by: "Mia" }), alertOf("b", { done_at: noon })] : [],
    next: query.has("done") && !query.get("cursor") ? "2" : null,
    waiting: 0,
  });
  server({ ...signedIn(), "GET /queues": { items: [] }, "GET /alerts": page });
  open("/inbox/alerts?done=true");
  const head = (await screen.findByRole("heading", { name: "Alerts" })).parentElement;
  await waitFor(() => expect(head?.textContent).toContain("Alerts2+"));
});

it("lists signs of attack with their address, and says that they were seen", async () => {
  const sign = {
    ...alertOf("x"),
    kind: "many_names",
    level: "warning",
    subject: "acc_1",
    conversation: null,
    customer: null,
    lang: null,
    state: null,
    address: "203.0.113.7",
    times: 10,
  };
  const { asked } = server({
    ...signedIn(administrator),
    "GET /queues": { items: [] },
    "GET /alerts": { items: [sign], next: null, waiting: 1 },
    "POST /alerts/acknowledge": null,
  });
  open("/inbox/alerts");
  const card = within(await screen.findByRole("listitem", { name: "Sign-ins under many names" }));
  expect(card.getByText("203.0.113.7")).toBeTruthy();
  expect(card.getByText(/under 10 different names/)).toBeTruthy();
  expect(card.getByRole("link", { name: "Deny addresses" }).getAttribute("href")).toBe("/console/settings/sign-in");
  fireEvent.click(card.getByRole("button", { name: "I have seen this" }));
  await waitFor(() =>
    expect(asked.find((one) => one.method === "POST" && one.path === "/alerts/acknowledge")?.body).toEqual({
      subject: "acc_1",
    }),
  );
});
