import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import type { StaffGoods } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { mostStock, parsePrice, parseWhole, priceText } from "../src/goods/price";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { me } from "./samples";

const phone = {
  id: "g-001",
  category: "phone",
  name: { zh: "远帆", en: "Farsail" },
  price_fen: 299_900,
  stock: 12,
  state: "live" as const,
  illustration: "phone",
  updated_at: 100,
};
const lamp = {
  id: "g-002",
  category: "lamp",
  name: { zh: "晨光", en: "Dawn" },
  price_fen: 19_950,
  stock: 0,
  state: "draft",
  illustration: "lamp",
  updated_at: 200,
};
const whole: StaffGoods = {
  ...phone,
  tags: ["5g"],
  attributes: [
    { key: "battery", label: { zh: "电池", en: "Battery" }, value: { zh: "5000", en: "5000" }, unit: "mAh" },
  ],
  selling_points: { zh: [], en: ["Bright"] },
  description: { zh: "", en: "Good" },
};
const shelf = {
  items: [
    { id: "phone", name: { zh: "手机", en: "Phones" }, goods: 1 },
    { id: "lamp", name: { zh: "灯", en: "Lamps" }, goods: 1 },
  ],
  tags: [{ id: "5g", name: { zh: "5G", en: "5G" } }],
  updated_at: 5,
};
const list = (...items: unknown[]) => ({ items, next: null, total: items.length, currency: "CNY" });
const seller = { ...me, permissions: [...me.permissions, "goods.prices" as const] };
const answers = () => ({
  ...signedIn(seller),
  "GET /goods": list(phone, lamp),
  "GET /goods-categories": shelf,
  "GET /goods/g-001": whole,
});
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const row = async (name: string) => (await screen.findByRole("link", { name })).closest("tr")!;

describe("a price as people type it", () => {
  it("is read exactly", () => {
    for (const [raw, fen] of [
      ["2999", 299_900],
      ["2,999.00", 299_900],
      ["1,234,567.8", 123_456_780],
      ["0.01", 1],
      [" ¥19.99 ", 1999],
      ["￥２，９９９．５", 299_950],
      ["12元", 1200],
      ["100000000", 10_000_000_000],
    ] as const)
      expect(parsePrice(raw, "CNY"), raw).toBe(fen);
    for (const fen of [0, 1, 10, 299_900, 12_345]) expect(parsePrice(priceText(fen), "CNY")).toBe(fen);
  });
  it("has the sign of its own currency or none", () => {
    for (const raw of ["12.50", "S$12.50", "$12.50", "SGD 12.50", "12.50 新元", "12.50元", "S$ 12.50"])
      expect(parsePrice(raw, "SGD"), raw).toBe(1250);
    for (const [raw, currency] of [
      ["¥12", "SGD"],
      ["S$12", "CNY"],
      ["$12", "CNY"],
      ["HK$12", "SGD"],
      ["12 RMB", "SGD"],
    ] as const)
      expect(parsePrice(raw, currency), raw).toBe("not_a_number");
  });
  it("is refused with the reason", () => {
    for (const [raw, fault] of [
      ["", "missing"],
      ["abc", "not_a_number"],
      ["2,99", "not_a_number"],
      ["1.", "not_a_number"],
      ["1e3", "not_a_number"],
      ["1.999", "decimals"],
      ["-1", "negative"],
      ["100000000.01", "too_high"],
    ] as const)
      expect(parsePrice(raw, "CNY"), raw).toBe(fault);
    for (const [raw, stock] of [
      ["0", 0],
      ["1,200", 1200],
      ["-1", null],
      ["1.5", null],
      ["", null],
      ["99999999999", null],
    ] as const)
      expect(parseWhole(raw, mostStock), raw).toBe(stock);
  });
});

describe("goods", () => {
  it("lists them with category, price, stock and state, and is accessible", async () => {
    server(answers());
    open("/goods");
    const first = await row("Farsail");
    await within(first).findByText("Phones");
    expect(first.textContent).toContain("¥2,999.00");
    expect(within(await row("Dawn")).getByText("sold out")).toBeTruthy();
    expect(within(await row("Dawn")).getByText("Draft")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("asks the server for what is searched and chosen, and keeps it in the address", async () => {
    const all = server({
      ...answers(),
      "GET /goods": ({ query }: Asked) => (query.get("few") === "true" ? list(lamp) : list(phone, lamp)),
    });
    const { router } = open("/goods");
    await row("Farsail");
    fireEvent.click(screen.getByLabelText("Stock below 10"));
    await waitFor(() => expect(screen.queryByRole("link", { name: "Farsail" })).toBeNull());
    fireEvent.change(screen.getByRole("combobox", { name: "State" }), { target: { value: "draft" } });
    type("Name, ID or text", "dawn");
    await waitFor(() => expect(router.state.location.search).toEqual({ few: true, state: "draft", q: "dawn" }));
    expect(all.asked.at(-1)?.query.toString()).toBe("q=dawn&state=draft&few=true");
  });

  it("shows what was deleted with the day until which it is kept, and restores it with a way back", async () => {
    const gone = { ...lamp, deleted_at: Date.UTC(2026, 2, 1, 4), kept_until: Date.UTC(2026, 2, 31, 4) };
    let thrown = [gone];
    const all = server({
      ...answers(),
      "GET /goods": ({ query }: Asked) => (query.get("deleted") === "true" ? list(...thrown) : list(phone)),
      "POST /goods/g-002/restore": () => {
        thrown = [];
        return { ...whole, ...lamp };
      },
      "DELETE /goods/g-002": null,
    });
    const { router } = open("/goods");
    await row("Farsail");
    fireEvent.change(screen.getByRole("combobox", { name: "State" }), { target: { value: "deleted" } });
    const restore = await screen.findByRole("button", { name: "Restore Dawn" });
    expect(router.state.location.search).toEqual({ deleted: true });
    expect(restore.closest("tr")!.textContent).toContain("2026-03-31");
    expect(screen.queryByRole("link", { name: "Dawn" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Export" })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(restore);
    expect(await screen.findByText("Restored: Dawn")).toBeTruthy();
    expect(await screen.findByText(/^Nothing deleted/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Undone")).toBeTruthy();
    expect(all.asked.filter((one) => one.method !== "GET").map((one) => `${one.method} ${one.path}`)).toEqual([
      "POST /goods/g-002/restore",
      "DELETE /goods/g-002",
    ]);
  });

  it("opens the conversations behind how often a product was asked about", async () => {
    const one = {
      id: "cnv_1",
      customer: { id: "vis_00000001", name: "访客 0001" },
      subject: "Which lamp?",
      lang: "en",
      preview: { text: "How much is it?" },
    };
    server({
      ...answers(),
      "GET /goods": list({ ...phone, asked: 1 }, { ...lamp, asked: 0 }),
      "GET /goods/g-001/conversations": {
        indicator: "asked",
        count: 1,
        items: [{ conversation: one, at: Date.UTC(2026, 2, 1, 4), text: null, score: null }],
        next: null,
      },
    });
    open("/goods");
    fireEvent.click(await screen.findByRole("button", { name: "Farsail: 1 conversation with its card" }));
    const found = await screen.findByRole("link", { name: /Which lamp\?.*How much is it/ });
    expect(found.getAttribute("href")).toContain("/inbox/cnv_1");
    expect(screen.getByText("1 conversation")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Dawn: 0/ })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
  });

  it("says what to do when the category of a deleted product is gone", async () => {
    server({
      ...answers(),
      "GET /goods": list({ ...lamp, deleted_at: 1, kept_until: 2 }),
      "POST /goods/g-002/restore": new Refusal(409, "category_unknown"),
    });
    open("/goods?deleted=true");
    fireEvent.click(await screen.findByRole("button", { name: "Restore Dawn" }));
    expect(await screen.findByText(/Add one with the same name, then restore it/)).toBeTruthy();
  });

  it("says what to do while there are none", async () => {
    server({ ...answers(), "GET /goods": list() });
    open("/goods");
    expect(await screen.findByText(/No goods yet/)).toBeTruthy();
  });

  it("says that nothing matches, and shows all on request", async () => {
    server({ ...answers(), "GET /goods": ({ query }: Asked) => (query.get("few") === "true" ? list() : list(phone)) });
    open("/goods?few=true");
    expect(await screen.findByText("Nothing matches")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show all" }));
    await row("Farsail");
  });

  it("offers another try when the list does not come", async () => {
    const all = server({ ...answers(), "GET /goods": new Refusal(500, "internal") });
    open("/goods");
    const again = await screen.findByRole("button", { name: "Try again" });
    all.answers["GET /goods"] = list(phone);
    fireEvent.click(again);
    await row("Farsail");
  });

  it("changes a price where it stands, with a way back", async () => {
    const all = server({
      ...answers(),
      "PATCH /goods/g-001": ({ body }: Asked) => ({ ...whole, ...(body as object), updated_at: 101 }),
    });
    open("/goods");
    const first = await row("Farsail");
    fireEvent.click(within(first).getByRole("button", { name: /^Price of Farsail/ }));
    const input = within(first).getByRole("textbox", { name: "Price of Farsail" });
    fireEvent.change(input, { target: { value: "2,599.999" } });
    fireEvent.keyDown(input, { key: "Enter" });
    expect(await within(first).findByText("At most two decimal places")).toBeTruthy();
    fireEvent.change(input, { target: { value: "2,599.5" } });
    fireEvent.keyDown(input, { key: "Enter" });
    expect(await screen.findByText("Farsail: ¥2,999.00 → ¥2,599.50")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText("Undone")).toBeTruthy();
    expect(all.asked.filter((one) => one.method === "PATCH").map((one) => one.body)).toEqual([
      { price_fen: 259_950, seen: 100 },
      { price_fen: 299_900, seen: 101 },
    ]);
  });

  it("changes no price with a key that only an input method needs", async () => {
    const all = server(answers());
    open("/goods");
    const cell = (await screen.findAllByRole("button", { name: /2,999/ }))[0]!;
    fireEvent.click(cell);
    const input = document.activeElement as HTMLInputElement;
    fireEvent.change(input, { target: { value: "1" } });
    for (const key of ["Enter", "Escape"])
      for (const composing of [{ keyCode: 229 }, { isComposing: true }])
        fireEvent.keyDown(input, { key, ...composing });
    expect(document.activeElement).toBe(input);
    expect(input.value).toBe("1");
    expect(all.asked.filter((one) => one.method === "PATCH")).toEqual([]);
  });

  it("writes a new product and says what is wrong beside its field", async () => {
    const all = server({ ...answers(), "POST /goods": whole });
    open("/goods?open=new");
    fireEvent.click(await screen.findByRole("button", { name: "Save draft" }));
    expect(await screen.findByText("Enter a price")).toBeTruthy();
    expect(screen.getByText("Choose a category")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    type("Name in English", "Nearhill");
    type("Price", "1,299");
    fireEvent.change(within(screen.getByRole("dialog")).getByLabelText("Category"), { target: { value: "phone" } });
    type("Selling points in English", "Bright\n\n Light ");
    fireEvent.click(screen.getByRole("button", { name: "Save and publish" }));
    await waitFor(() =>
      expect(all.asked.find((one) => one.method === "POST")?.body).toMatchObject({
        category: "phone",
        name: { zh: "", en: "Nearhill" },
        price_fen: 129_900,
        stock: 0,
        state: "live",
        picture: null,
        selling_points: { zh: [], en: ["Bright", "Light"] },
      }),
    );
    expect(await screen.findByText("Saved “Nearhill”")).toBeTruthy();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("does not lose what was written without a word", async () => {
    server(answers());
    open("/goods?open=g-001");
    await screen.findByRole("tab", { name: "Basics" });
    type("Name in English", "Another");
    fireEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(await screen.findByText("Discard unsaved changes?")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Keep editing" }));
    expect((screen.getByLabelText("Name in English") as HTMLInputElement).value).toBe("Another");
    fireEvent.click(screen.getByRole("button", { name: "Close" }));
    fireEvent.click(await screen.findByRole("button", { name: "Discard" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("edits the data sheet and shows the prices", async () => {
    const all = server({
      ...answers(),
      "PATCH /goods/g-001": whole,
      "GET /goods/g-001/prices": {
        items: [
          { old_fen: 319_900, new_fen: 299_900, currency: "CNY", reason: "Spring", by: "Ada", at: 1_700_000_000_000 },
          { old_fen: null, new_fen: 319_900, currency: "CNY", reason: "", by: null, at: 1_600_000_000_000 },
        ],
      },
    });
    open("/goods?open=g-001");
    fireEvent.click(await screen.findByRole("tab", { name: "Price history" }));
    expect(await screen.findByText("Spring")).toBeTruthy();
    expect(screen.getByText("first price")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("tab", { name: "Properties" }));
    type("Property 1, value in English", "5200");
    fireEvent.click(screen.getByRole("button", { name: "Add a property" }));
    type("Property 2, label in English", "Weight");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Each property needs a label and a value")).toBeTruthy();
    type("Property 2, value in English", "180");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(
        (all.asked.find((one) => one.method === "PATCH")?.body as { attributes: { key: string }[] }).attributes.map(
          (line) => line.key,
        ),
      ).toEqual(["battery", ""]),
    );
  });

  it("shows both versions of a conflict and saves over the newer one only when told to", async () => {
    const newer = { ...whole, stock: 5, updated_at: 300 };
    const all = server({
      ...answers(),
      "PATCH /goods/g-001": ({ body }: Asked) =>
        (body as { seen: number }).seen === 300 ? newer : new Refusal(409, "conflict"),
    });
    open("/goods?open=g-001");
    await screen.findByRole("tab", { name: "Basics" });
    fireEvent.change(within(screen.getByRole("dialog")).getByLabelText("Stock"), { target: { value: "8" } });
    all.answers["GET /goods/g-001"] = newer;
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/Somebody has changed it/)).toBeTruthy();
    expect([...document.querySelectorAll(".conflict-differs dd")].map((one) => one.textContent)).toEqual(["8", "5"]);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Use mine" }));
    await waitFor(() =>
      expect(
        all.asked.filter((one) => one.method === "PATCH").map((one) => (one.body as { seen: number }).seen),
      ).toEqual([100, 300]),
    );
  });

  it("deletes with a way back", async () => {
    const all = server({ ...answers(), "DELETE /goods/g-001": null, "POST /goods/g-001/restore": whole });
    open("/goods");
    fireEvent.click(within(await row("Farsail")).getByRole("button", { name: "Delete Farsail" }));
    expect(await screen.findByText("Deleted: Farsail")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(all.asked.some((one) => one.path === "/goods/g-001/restore")).toBe(true));
  });

  it("offers what can be done with the chosen in the place of the filters, so that nothing below moves", async () => {
    server(answers());
    open("/goods");
    const filters = within((await row("Farsail")).closest(".page")! as HTMLElement).getByRole("search", {
      name: "Find goods",
    });
    expect(filters.hasAttribute("inert")).toBe(false);
    fireEvent.click(screen.getByRole("checkbox", { name: "Select Farsail" }));
    const bar = screen.getByRole("group", { name: "1 selected" });
    expect(bar.parentElement).toBe(filters.parentElement);
    expect(filters.hasAttribute("inert")).toBe(true);
    expect(bar.querySelector(".ant-btn-dangerous")).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.keyDown(document.body, { key: "/" });
    expect([filters.hasAttribute("inert"), document.activeElement]).toEqual([
      false,
      screen.getByRole("searchbox", { name: "Name, ID or text" }),
    ]);
    fireEvent.blur(document.activeElement!, { relatedTarget: document.body });
    expect(filters.hasAttribute("inert")).toBe(true);
    fireEvent.click(screen.getByRole("button", { name: "Clear" }));
    expect(filters.hasAttribute("inert")).toBe(false);
  });

  it("has all a row can do behind one button, for fingers too", async () => {
    const all = server({ ...answers(), "DELETE /goods/g-001": null });
    open("/goods");
    fireEvent.click(within(await row("Farsail")).getByRole("button", { name: "Actions for Farsail" }));
    const menu = screen.getByRole("dialog", { name: "Actions for Farsail" });
    expect(
      within(menu)
        .getAllByRole("button")
        .map((button) => button.textContent),
    ).toEqual(["Unpublish", "Edit", "Delete"]);
    fireEvent.click(within(menu).getByRole("button", { name: "Delete" }));
    await waitFor(() =>
      expect(all.asked.some((one) => one.method === "DELETE" && one.path === "/goods/g-001")).toBe(true),
    );
    expect(await screen.findByText("Deleted: Farsail")).toBeTruthy();
  });

  it("publishes what is chosen", async () => {
    const all = server({
      ...answers(),
      "PATCH /goods/g-002": ({ body }: Asked) => ({ ...whole, ...lamp, ...(body as object) }),
    });
    open("/goods");
    await row("Farsail");
    fireEvent.click(within(screen.getByRole("table")).getByRole("checkbox", { name: "Select all" }));
    fireEvent.click(within(screen.getByRole("group", { name: "2 selected" })).getByRole("button", { name: "Publish" }));
    expect(await screen.findByText("Published: Dawn")).toBeTruthy();
    expect(all.asked.filter((one) => one.method === "PATCH").map((one) => [one.path, one.body])).toEqual([
      ["/goods/g-002", { state: "live", seen: 200 }],
    ]);
  });

  it("keeps a category that has goods and says how many", async () => {
    const all = server({ ...answers(), "POST /goods-categories": shelf.items[0] });
    open("/goods");
    fireEvent.click(await screen.findByRole("button", { name: "Categories" }));
    fireEvent.click(await screen.findByRole("button", { name: "Delete Phones" }));
    expect(await screen.findByText("“Phones” still has 1 product. Move or delete it first.")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    type("English name", "Watches");
    fireEvent.click(screen.getByRole("button", { name: "Add" }));
    await waitFor(() =>
      expect(all.asked.find((one) => one.method === "POST")?.body).toEqual({ name: { zh: "", en: "Watches" } }),
    );
    expect(all.asked.some((one) => one.method === "DELETE")).toBe(false);
  });

  it("keeps the name of a category that was refused, and says that one is missing", async () => {
    const all = server({ ...answers(), "POST /goods-categories": new Refusal(409, "too_many_categories") });
    open("/goods");
    fireEvent.click(await screen.findByRole("button", { name: "Categories" }));
    const add = await screen.findByRole("button", { name: "Add" });
    const chinese = screen.getByLabelText("Chinese name");
    fireEvent.click(add);
    expect(screen.getByRole("alert").textContent).toBe("Enter a name in at least one language");
    expect(chinese.getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement).toBe(chinese);
    expect(await faults(document.body)).toEqual([]);
    type("English name", "Watches");
    expect(screen.queryByRole("alert")).toBeNull();
    fireEvent.click(add);
    expect((await screen.findByRole("alert")).textContent).not.toMatch(/at least one language/);
    expect((screen.getByLabelText("English name") as HTMLInputElement).value).toBe("Watches");
    all.answers["POST /goods-categories"] = shelf.items[0];
    fireEvent.click(screen.getByRole("button", { name: /Add$/ }));
    await waitFor(() => expect((screen.getByLabelText("English name") as HTMLInputElement).value).toBe(""));
  });

  it("lets people who may not set prices change all but the price, and add nothing", async () => {
    const all = server({
      ...answers(),
      ...signedIn(me),
      "PATCH /goods/g-001": ({ body }: Asked) => ({ ...whole, ...(body as object), updated_at: 101 }),
    });
    const { router } = open("/goods");
    const first = await row("Farsail");
    expect(within(first).getByText("¥2,999.00")).toBeTruthy();
    expect(within(first).queryByRole("button", { name: /^Price of Farsail/ })).toBeNull();
    expect(within(first).getByRole("button", { name: /^Stock of Farsail/ })).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^New/ })).toBeNull();
    fireEvent.keyDown(document.body, { key: "n", code: "KeyN" });
    expect(router.state.location.search).toEqual({});
    fireEvent.click(within(first).getByRole("link", { name: "Farsail" }));
    const price = (await screen.findByLabelText("Price")) as HTMLInputElement;
    expect([price.value, price.readOnly]).toEqual(["2999.00", true]);
    expect(await faults(document.body)).toEqual([]);
    type("Name in English", "Farsail 2");
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(all.asked.some(({ method }) => method === "PATCH")).toBe(true));
    const { price_fen, name } = all.asked.find(({ method }) => method === "PATCH")?.body as Partial<typeof whole>;
    expect([price_fen, name?.en]).toEqual([undefined, "Farsail 2"]);
  });

  it("lets only people who may set prices put something on sale", async () => {
    server({
      ...answers(),
      ...signedIn(me),
      "GET /goods": ({ query }: Asked) =>
        query.get("deleted") === "true"
          ? list({ ...phone, deleted_at: 400, kept_until: 500 }, { ...lamp, deleted_at: 400, kept_until: 500 })
          : list(phone, lamp),
      "PATCH /goods/g-001": ({ body }: Asked) => ({ ...whole, ...(body as object), updated_at: 101 }),
    });
    open("/goods");
    const first = await row("Farsail");
    expect(within(await row("Dawn")).queryByRole("button", { name: "Publish Dawn" })).toBeNull();
    fireEvent.click(within(first).getByRole("button", { name: "Unpublish Farsail" }));
    expect(await screen.findByText(/^Unpublished: Farsail. A colleague with the permission/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
    fireEvent.change(screen.getByRole("combobox", { name: "State" }), { target: { value: "deleted" } });
    expect(await screen.findByRole("button", { name: "Restore Dawn" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Restore Farsail" })).toBeNull();
    expect(screen.getByText("Restored by colleagues who set prices")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("lets people without the permission nowhere", async () => {
    const all = server(signedIn({ ...me, permissions: ["desk"] }));
    open("/goods");
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.queryByRole("link", { name: "Goods" })).toBeNull();
    expect(all.asked.some((one) => one.path.startsWith("/goods"))).toBe(false);
  });
});
