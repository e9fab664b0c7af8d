import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { RecommendationOverview } from "@yingda/api/types";
import { beforeEach, describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Server } from "./render";
import { manager, noon } from "./samples";

const item = (kind: "product" | "question", id: string, en: string) => ({ kind, id, name: { zh: "", en } });
const learned = (change: object = {}): NonNullable<RecommendationOverview["learned"]> => ({
  version: 4,
  trained_at: noon,
  by_taste: true,
  items: 44,
  interests: 1234,
  visitors: 210,
  hits: { asked: 180, model: 0.42, popularity: 0.155 },
  pairs: [
    { one: item("product", "g-001", "Trelan X9"), other: item("question", "kb-1", "Is it waterproof?"), together: 37 },
  ],
  ...change,
});
const view = (change: Partial<RecommendationOverview> = {}): RecommendationOverview => ({
  on: true,
  sites: [
    { id: "sit_1", name: { zh: "大厅", en: "Hall" }, on: true },
    { id: "sit_2", name: { zh: "商城", en: "Shop" }, on: false },
  ],
  updated_at: 7,
  interests: 1250,
  visitors: 212,
  due_at: Date.now() + 86_400_000,
  learned: learned(),
  ...change,
});

let all: Server;
const begin = (answer: RecommendationOverview) => {
  all = server({ ...signedIn(manager), "GET /recommendations": answer });
  open("/bot/recommendations");
};
// On a slow machine, the stream asks in between.
const sent = () =>
  all.asked
    .filter(({ method, path }) => method !== "GET" && path.startsWith("/recommendations"))
    .map(({ method, path, body }) => [method, path, body]);

describe("recommendations for managers", () => {
  beforeEach(() => begin(view()));

  it("say what was learned, how good it is against popularity, and which pairs are strongest", async () => {
    const card = await screen.findByRole("region", { name: "What was learned" });
    expect(card.textContent).toContain("1,234 interests, 210 visitors, 44 items");
    expect(
      within(card).getByRole("meter", { name: "Right with ten recommended by the model" }).getAttribute("value"),
    ).toBe("0.42");
    expect(card.textContent).toContain("42%");
    expect(card.textContent).toContain("15.5%");
    expect(card.textContent).toContain("Tested with 180 visitors");
    const row = within(screen.getByRole("region", { name: "Strongest pairs" })).getAllByRole("row")[1];
    expect(row?.textContent).toBe("Trelan X9 ProductIs it waterproof? Question37");
    expect(await faults(document.body)).toEqual([]);
  });

  it("are switched off for one site, and for the company only after a question", async () => {
    all.answers["PUT /recommendations"] = view();
    fireEvent.click(await screen.findByRole("switch", { name: "Hall" }));
    await waitFor(() =>
      expect(sent()).toEqual([["PUT", "/recommendations", { on: true, off_sites: ["sit_2", "sit_1"], seen: 7 }]]),
    );
    fireEvent.click(screen.getByRole("button", { name: "Switch off" }));
    expect(sent()).toHaveLength(1);
    const asked = await screen.findByText(/Everything noted and learned so far is deleted/);
    const dialog = asked.closest<HTMLElement>(".rec-ask") ?? document.body;
    fireEvent.click(within(dialog).getByRole("button", { name: "Switch off" }));
    await waitFor(() =>
      expect(sent()[1]).toEqual(["PUT", "/recommendations", { on: false, off_sites: ["sit_2"], seen: 7 }]),
    );
  });

  it("are learned at once when that is asked for", async () => {
    all.answers["POST /recommendations/learn"] = view({ due_at: 1 });
    all.answers["GET /recommendations"] = view({ due_at: 1 });
    fireEvent.click(await screen.findByRole("button", { name: "Learn now" }));
    expect(await screen.findByText(/Learning now/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Learn now" }).hasAttribute("disabled")).toBe(true);
  });

  it("say why a change was refused", async () => {
    all.answers["PUT /recommendations"] = new Refusal(409, "conflict");
    fireEvent.click(await screen.findByRole("switch", { name: "Shop" }));
    expect(await screen.findByText(/changed/)).toBeTruthy();
  });
});

describe("recommendations of a company", () => {
  it("that knows little say that they go by popularity, and that nothing was measured", async () => {
    begin(view({ learned: learned({ by_taste: false, hits: null, pairs: [] }) }));
    const card = await screen.findByRole("region", { name: "What was learned" });
    expect(card.textContent).toContain("popularity only");
    expect(within(card).queryByRole("meter")).toBeNull();
    expect(screen.queryByRole("region", { name: "Strongest pairs" })).toBeNull();
  });

  it("that are off can only be switched on", async () => {
    begin(view({ on: false, learned: null, interests: 0, visitors: 0, due_at: null }));
    expect(await screen.findByRole("button", { name: "Switch on" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Learn now" })).toBeNull();
    expect(screen.queryByRole("switch")).toBeNull();
  });
});
