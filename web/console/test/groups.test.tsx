import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { manager, me } from "./samples";

const shop = { id: "grp_1", name: "Shop", department: null, members: 2, updated_at: 3 };
const list = (...items: unknown[]) => ({ items });
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe("groups", () => {
  it("are listed with how many they have, and an empty list says what they are for", async () => {
    const asked = server({ ...signedIn(manager), "GET /groups": list(shop) });
    const { queryClient } = open("/settings/groups");
    const row = await screen.findByRole("listitem", { name: "Shop" });
    expect(within(row).getByRole("link", { name: "2 people" })).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    asked.answers["GET /groups"] = list();
    await queryClient.invalidateQueries({ queryKey: ["groups"] });
    expect(await screen.findByText("No groups yet")).toBeTruthy();
  });

  it("are added: the form names what is missing, and puts a refusal beside its field", async () => {
    const asked = server({
      ...signedIn(manager),
      "GET /groups": list(),
      "POST /groups": new Refusal(409, "group_name_taken", "name"),
    });
    open("/settings/groups");
    await press("New group");
    expect(await faults(document.body)).toEqual([]);
    await press("Save");
    expect(asked.asked.some((one) => one.method === "POST")).toBe(false);
    expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true");
    type("Name", " Night ");
    await press("Save");
    await waitFor(() => expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true"));
    expect(asked.asked.find((one) => one.method === "POST")?.body).toEqual({ name: "Night", department: null });
    expect(screen.getByText("Another group already has this name; choose a different one")).toBeTruthy();
  });

  it.each(["Use theirs", "Use mine"])(
    "are renamed: after a conflict, both versions are shown and either can be taken (%s)",
    async (choice) => {
      const theirs = { ...shop, name: "Theirs", updated_at: 4 };
      const asked = server({
        ...signedIn(manager),
        "GET /groups": list(shop),
        "PATCH /groups/grp_1": (one: Asked) =>
          (one.body as { seen: number }).seen === theirs.updated_at ? theirs : new Refusal(409, "conflict"),
      });
      open("/settings/groups");
      await press("Edit Shop");
      type("Name", "Mine");
      asked.answers["GET /groups"] = list(theirs);
      await press("Save");
      const dialog = screen.getByRole("dialog", { name: "Edit group" });
      expect((await within(dialog).findByRole("alert")).textContent).toBe(
        "Somebody has changed it; compare and choose",
      );
      expect(
        within(dialog)
          .getAllByRole("definition")
          .map((one) => one.textContent),
      ).toEqual(["Mine", "Theirs"]);
      expect(await faults(document.body)).toEqual([]);
      await press(choice);
      const sent = () => asked.asked.filter((one) => one.method === "PATCH").map((one) => one.body);
      if (choice === "Use mine") {
        await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
        expect(sent()).toEqual([
          { name: "Mine", department: null, seen: shop.updated_at },
          { name: "Mine", department: null, seen: theirs.updated_at },
        ]);
      } else {
        expect((screen.getByLabelText("Name") as HTMLInputElement).value).toBe("Theirs");
        expect(sent()).toHaveLength(1);
      }
    },
  );

  it("are not shown to those who may not manage them", async () => {
    const asked = server(signedIn(me));
    open("/settings/groups");
    expect((await screen.findByRole("alert")).textContent).toMatch(/permission/);
    expect(asked.asked.some((one) => one.path === "/groups")).toBe(false);
  });
});
