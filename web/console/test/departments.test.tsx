import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { inOrder, pathOf, withBelow } from "../src/settings/departments";
import { open, Refusal, server, signedIn } from "./render";
import { manager, me } from "./samples";

const care = { id: "dep_1", name: "Care", parent: null, groups: 1, members: 3, updated_at: 3 };
const north = { id: "dep_2", name: "North", parent: "dep_1", groups: 0, members: 1, updated_at: 4 };
const all = { items: [care, north] };
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));

describe("the tree of departments", () => {
  it("is read from above, each below the one it is part of, and shows one whose parent is gone", () => {
    const lost = { ...north, id: "dep_3", name: "Lost", parent: "dep_9" };
    const placed = inOrder([north, lost, care]);
    expect(placed.map(({ path }) => path.join("/"))).toEqual(["Lost", "Care", "Care/North"]);
    expect(pathOf(placed, "dep_2")).toBe("Care / North");
    expect(pathOf(placed, null)).toBe("");
    expect([...withBelow([north, care], "dep_1")]).toEqual(["dep_1", "dep_2"]);
  });
});

describe("departments", () => {
  it("are listed as a tree with who belongs to them, and an empty list says what they are for", async () => {
    const asked = server({ ...signedIn(manager), "GET /departments": all });
    const { queryClient } = open("/settings/departments");
    const row = await screen.findByRole("listitem", { name: "Care / North" });
    expect(within(row).getByRole("link", { name: "1 person" }).getAttribute("href")).toContain("department=dep_2");
    // The link leads to those of the departments below it, too.
    const above = screen.getByRole("listitem", { name: "Care" });
    expect(within(above).getByRole("link", { name: "4 people" }).getAttribute("href")).toContain("department=dep_1");
    expect(await faults(document.body)).toEqual([]);
    asked.answers["GET /departments"] = { items: [] };
    await queryClient.invalidateQueries({ queryKey: ["departments"] });
    expect(await screen.findByText("No departments yet")).toBeTruthy();
  });

  it("are added below another and never moved below themselves; a refusal stands beside its field", async () => {
    const asked = server({
      ...signedIn(manager),
      "GET /departments": all,
      "POST /departments": new Refusal(409, "department_name_taken", "name"),
    });
    open("/settings/departments");
    await press("New department in Care");
    expect(await faults(document.body)).toEqual([]);
    await press("Save");
    expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true");
    fireEvent.change(screen.getByLabelText("Name"), { target: { value: " North " } });
    await press("Save");
    expect(await screen.findByText(/in the same place already has this name/)).toBeTruthy();
    expect(asked.asked.find((one) => one.method === "POST")?.body).toEqual({ name: "North", parent: "dep_1" });
    await press("Cancel");
    await press("Discard");
    await press("Edit Care");
    const parents = within(screen.getByLabelText("Part of")).getAllByRole("option");
    expect(parents.map((one) => one.textContent)).toEqual(["No other department"]);
  });

  it("say what happens before one is deleted", async () => {
    const asked = server({ ...signedIn(manager), "GET /departments": all, "DELETE /departments/dep_2": null });
    open("/settings/departments");
    const row = await screen.findByRole("listitem", { name: "Care / North" });
    fireEvent.click(within(row).getByRole("button", { name: "Delete" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete “North”?" });
    expect(dialog.textContent).toContain("move up to Care");
    fireEvent.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(asked.asked.some((one) => one.method === "DELETE")).toBe(true));
  });

  it("are not shown to those who may not manage people", async () => {
    const asked = server(signedIn(me));
    open("/settings/departments");
    expect((await screen.findByRole("alert")).textContent).toMatch(/permission/);
    expect(asked.asked.some((one) => one.path === "/departments")).toBe(false);
  });
});
