import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";

const x9 = {
  id: "g-002",
  kind: "goods",
  name: { zh: "澈岚 X9", en: "Trelan X9" },
  state: "live",
  aliases: { zh: ["小九"], en: ["the nine"] },
  ambiguous: ["小九"],
  relations: 1,
  faqs: 1,
  updated_at: 7,
};
const phones = {
  id: "category:phone",
  kind: "category",
  name: { zh: "手机", en: "Phones" },
  aliases: { zh: [], en: [] },
  ambiguous: [],
  relations: 0,
  faqs: 0,
  updated_at: 0,
};
const detail = {
  ...x9,
  relates: [
    { kind: "upgrade_of", item: "g-004", name: { zh: "澈岚 S5", en: "Trelan S5" } },
    { kind: "compatible_with", item: "g-099", name: null },
  ],
  referred_by: [{ kind: "upgrade_of", item: "g-001", name: { zh: "澈岚 X9 Pro", en: "Trelan X9 Pro" } }],
  entries: [{ id: "kb-119", question: { zh: "有什么区别", en: "What is the difference?" } }],
};
const list = (...items: unknown[]) => ({ items, next: null, total: items.length });
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe("the product graph", () => {
  it("lists what can be called otherwise, marking ambiguous names, and is accessible", async () => {
    const all = server({ ...signedIn(), "GET /knowledge/graph": list(x9, phones) });
    const { router } = open("/bot/graph");
    const row = (await screen.findByText("Trelan X9")).closest("tr")!;
    expect(within(row).getByText(/小九/).textContent).toBe("小九 (ambiguous)");
    expect(screen.getByText("2 items")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(screen.getByLabelText("What is added"), { target: { value: "ambiguous" } });
    await waitFor(() => expect(router.state.location.search).toEqual({ only: "ambiguous" }));
    await waitFor(() => expect(all.asked.at(-1)?.query.get("only")).toBe("ambiguous"));
  });

  it("edits an item: names, relations and questions are found and added, and what is gone is left out", async () => {
    const all = server({
      ...signedIn(),
      "GET /knowledge/graph": ({ query }: Asked) =>
        query.get("q") === "pro"
          ? list({ ...x9, id: "g-001", name: { zh: "澈岚 X9 Pro", en: "Trelan X9 Pro" } }, phones)
          : list(x9),
      "GET /knowledge/graph/g-002": detail,
      "GET /knowledge/graph-entries": { items: [{ id: "kb-116", question: { zh: "老人机", en: "For parents?" } }] },
      "PUT /knowledge/graph/g-002": detail,
    });
    open("/bot/graph?item=g-002");
    await screen.findByRole("dialog", { name: "Names and links of Trelan X9" });
    expect(screen.getByText(/1 reference is to something that no longer exists/)).toBeTruthy();
    expect(screen.getByText("is an upgrade of Trelan X9")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    type("Other names in Chinese", "小九\n！");
    await press("Save");
    expect(
      screen.getByText("“！” is longer than 40 characters or has no letter or digit; shorten or remove it"),
    ).toBeTruthy();
    type("Other names in Chinese", "小九\n九号机");
    type("Add a product or plan", "pro");
    fireEvent.click(await screen.findByRole("button", { name: /Trelan X9 Pro g-001|Trelan X9 Prog-001/ }));
    type("Add a question", "parents");
    fireEvent.click(await screen.findByRole("button", { name: /For parents/ }));
    await press("Remove Trelan S5");
    await press("Save");
    await waitFor(() =>
      expect(all.asked.find(({ method }) => method === "PUT")?.body).toEqual({
        aliases: { zh: ["小九", "九号机"], en: ["the nine"] },
        relations: [{ kind: "compatible_with", to: "g-001" }],
        faqs: ["kb-119", "kb-116"],
        seen: 7,
      }),
    );
    expect(await screen.findByText("Saved what is added to Trelan X9")).toBeTruthy();
  });

  it("puts a refusal beside its field, and shows both versions of a conflict", async () => {
    let refusal = new Refusal(422, "invalid_value", "faqs");
    const all = server({
      ...signedIn(),
      "GET /knowledge/graph": list(x9),
      "GET /knowledge/graph/g-002": detail,
      "PUT /knowledge/graph/g-002": () => refusal,
    });
    open("/bot/graph?item=g-002");
    await screen.findByRole("dialog", { name: "Names and links of Trelan X9" });
    type("Other names in English", "number nine");
    await press("Save");
    await waitFor(() => expect(screen.getByLabelText("Add a question").getAttribute("aria-invalid")).toBe("true"));
    refusal = new Refusal(409, "conflict");
    all.answers["GET /knowledge/graph/g-002"] = { ...detail, aliases: { zh: [], en: ["nine"] }, updated_at: 9 };
    await press("Save");
    expect(await screen.findByText(/Somebody has changed it/)).toBeTruthy();
    await press("Use mine");
    await waitFor(() => expect(all.asked.filter(({ method }) => method === "PUT").length).toBe(3));
  });

  it("sets the unit of a property whose sheets give none", async () => {
    const weight = {
      id: "weight_g",
      label: { zh: "重量", en: "Weight" },
      given: ["g"],
      goods: 3,
      without: 2,
      unit: "",
      updated_at: 0,
    };
    const all = server({
      ...signedIn(),
      "GET /knowledge/graph": list(x9),
      "GET /knowledge/graph-units": {
        items: [weight, { ...weight, id: "x", label: { zh: "屏", en: "Screen" }, without: 0 }],
      },
      "PUT /knowledge/graph-units/weight_g": { ...weight, unit: "g", updated_at: 5 },
    });
    open("/bot/graph");
    await press("Units");
    const field = await screen.findByLabelText(/^Weight/);
    expect(screen.queryByLabelText(/^Screen/)).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(field, { target: { value: " g " } });
    await press("Save the unit of Weight");
    await waitFor(() => expect(all.asked.find(({ method }) => method === "PUT")?.body).toEqual({ unit: "g", seen: 0 }));
  });
});
