import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, server, signedIn } from "./render";
import { me } from "./samples";

const seller = { ...me, permissions: [...me.permissions, "goods.prices" as const] };
const nothing = {
  id: "imp_1",
  bad: [],
  bad_total: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  changes: [],
  ignored: [],
  seen: "a",
};
const wrong = {
  ...nothing,
  bad: [
    { line: 3, column: "price", fault: "price_not_a_number", text: "abc" },
    { line: 4, column: null, fault: "cell_count", text: "x y" },
  ],
  bad_total: 2,
};
const fine = {
  ...nothing,
  new: 1,
  changed: 1,
  unchanged: 4,
  ignored: ["Colour"],
  seen: "b",
  changes: [
    {
      line: 2,
      id: "g-001",
      name: { zh: "远帆", en: "Farsail" },
      new: false,
      columns: ["price", "stock"],
      old_price_fen: 100,
      price_fen: 200,
    },
    {
      line: 3,
      id: "g-050",
      name: { zh: "", en: "New one" },
      new: true,
      columns: [],
      old_price_fen: null,
      price_fen: 300,
    },
  ],
};

/** A file is sent as raw bytes, not as JSON, so requests for a preview to the stubbed server are handled separately. */
function withPreviews(all: ReturnType<typeof server>, previews: unknown[]) {
  const answer = globalThis.fetch;
  vi.stubGlobal("fetch", (input: string, init: RequestInit = {}) =>
    input.endsWith("/goods-imports")
      ? Promise.resolve(Response.json(previews.shift(), { status: 201 }))
      : answer(input, init),
  );
  return all;
}
const choose = () =>
  fireEvent.change(document.querySelector("dialog input[type=file]")!, {
    target: { files: [new File(["x"], "goods.csv")] },
  });

describe("an import of goods", () => {
  const answers = () => ({
    ...signedIn(seller),
    "GET /goods": { items: [], next: null, total: 0, currency: "CNY" },
    "GET /goods-categories": { items: [], tags: [], updated_at: 0 },
  });

  it("names each wrong cell by line, column and reason, and offers nothing else", async () => {
    withPreviews(server(answers()), [wrong]);
    open("/goods");
    fireEvent.click(await screen.findByRole("button", { name: "Import" }));
    choose();
    expect(await screen.findByText(/2 cells have errors; nothing was imported/)).toBeTruthy();
    const cells = [...document.querySelectorAll("dialog tbody tr")].map((one) =>
      [...one.children].map((cell) => cell.textContent),
    );
    expect(cells).toEqual([
      ["3", "Price", "abc", "Not a number such as 2999 or 2,999.00"],
      ["4", "Whole row", "x y", "The row has more or fewer cells than the header"],
    ]);
    expect(screen.queryByRole("button", { name: /^Import \d/ })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
  });

  it("shows what a file would do and does it after a yes", async () => {
    const all = withPreviews(server({ ...answers(), "POST /goods-imports/imp_1/apply": { new: 1, changed: 1 } }), [
      wrong,
      fine,
    ]);
    open("/goods");
    fireEvent.click(await screen.findByRole("button", { name: "Import" }));
    choose();
    await screen.findByText(/2 cells have errors/);
    choose();
    expect(await screen.findByText("Price ¥1.00 → ¥2.00, Stock")).toBeTruthy();
    expect(screen.getByText("Ignored, no such column: Colour")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Import 2 products" }));
    expect(await screen.findByText("Imported: 1 new, 1 changed")).toBeTruthy();
    expect(all.asked.find((one) => one.method === "POST")?.body).toEqual({ seen: "b" });
    // The invalid import was discarded when a different file was chosen; the applied one no longer exists.
    expect(all.asked.filter((one) => one.method === "DELETE").map((one) => one.path)).toEqual(["/goods-imports/imp_1"]);
  });

  it("takes the table of what is dropped, and nothing if it is text", async () => {
    const sent: string[] = [];
    withPreviews(server(answers()), [fine]);
    const answer = globalThis.fetch;
    vi.stubGlobal("fetch", (input: string, init: RequestInit = {}) => {
      if (init.body instanceof File) sent.push(init.body.name);
      return answer(input, init);
    });
    open("/goods");
    fireEvent.click(await screen.findByRole("button", { name: "Import" }));
    const zone = document.querySelector(".goods-drop")!;
    const files = [new File(["x"], "image.png"), new File(["x"], "goods.CSV")];
    const drop = (texts: Record<string, string>, ...dropped: File[]) =>
      fireEvent.drop(zone, {
        dataTransfer: { files: dropped, types: [], getData: (type: string) => texts[type] ?? "" },
      });
    drop({ "text/plain": "1\t2", "text/html": "<table>" }, files[0]!);
    drop({ "text/plain": "words" });
    expect(zone.textContent).toContain("Choose a file");
    drop({}, ...files);
    expect(await screen.findByRole("button", { name: "Import 2 products" })).toBeTruthy();
    expect(zone.textContent).toContain("goods.CSV");
    expect(sent).toEqual(["goods.CSV"]);
  });

  it("does not keep a file that was only looked at", async () => {
    const all = withPreviews(server({ ...answers(), "DELETE /goods-imports/imp_1": null }), [fine]);
    open("/goods");
    fireEvent.click(await screen.findByRole("button", { name: "Import" }));
    choose();
    await screen.findByRole("button", { name: "Import 2 products" });
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(all.asked.filter((one) => one.method === "DELETE")).toHaveLength(1));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("shows it again when the goods were changed meanwhile", async () => {
    const { Refusal } = await import("./render");
    const all = withPreviews(
      server({
        ...answers(),
        "POST /goods-imports/imp_1/apply": new Refusal(409, "import_outdated"),
        "GET /goods-imports/imp_1": { ...fine, changed: 0, changes: fine.changes.slice(1), seen: "c" },
      }),
      [fine],
    );
    open("/goods");
    fireEvent.click(await screen.findByRole("button", { name: "Import" }));
    choose();
    fireEvent.click(await screen.findByRole("button", { name: "Import 2 products" }));
    expect(await screen.findByText(/The goods have changed since you looked/)).toBeTruthy();
    all.answers["POST /goods-imports/imp_1/apply"] = { new: 1, changed: 0 };
    fireEvent.click(screen.getByRole("button", { name: "Import 1 product" }));
    await waitFor(() =>
      expect(all.asked.filter((one) => one.method === "POST").map((one) => one.body)).toEqual([
        { seen: "b" },
        { seen: "c" },
      ]),
    );
  });
});
