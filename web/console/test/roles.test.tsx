import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn } from "./render";
import { administrator, manager, roles } from "./samples";

const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));
const check = (group: string, name: string) =>
  fireEvent.click(within(screen.getByRole("group", { name: group })).getByRole("checkbox", { name }));

describe("roles", () => {
  it("say in words what they may do, to whom gives them and who cannot compose any", async () => {
    server({ ...signedIn(manager), "GET /roles": roles });
    open("/settings/roles");
    const night = await screen.findByRole("listitem", { name: "Night shift" });
    expect(within(night).getByText("Serve conversations: their own, waiting in their queues")).toBeTruthy();
    expect(within(night).getByText("Masked: phone numbers")).toBeTruthy();
    expect(within(night).queryByRole("button")).toBeNull();
    expect(screen.queryByRole("button", { name: "New role" })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    await press("Side by side");
    const row = screen.getByRole("row", { name: /^Serve conversations/ });
    const roleNames = screen.getAllByRole("columnheader").map((one) => one.textContent);
    const cells = within(row).getAllByRole("cell");
    expect(cells[roleNames.indexOf("Night shift") - 1]?.textContent).toBe("their own, waiting in their queues");
    expect(await faults(document.body)).toEqual([]);
  });

  it("are composed of what the composer holds; what is missing or taken is said beside its field", async () => {
    const asked = server({
      ...signedIn(administrator),
      "GET /roles": roles,
      "POST /roles": new Refusal(409, "role_name_taken", "name"),
    });
    open("/settings/roles");
    await press("New role");
    expect(await faults(document.body)).toEqual([]);
    await press("Save");
    expect(screen.getByText("Choose at least one permission")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Name"), { target: { value: " Lead " } });
    check("Serve conversations", "their own");
    check("Serve conversations", "waiting in their queues");
    check("Other permissions", "See the panels and the lists behind them");
    check("Contacts that are masked", "phone numbers");
    await press("Save");
    await waitFor(() => expect(screen.getByLabelText("Name").getAttribute("aria-invalid")).toBe("true"));
    expect(asked.asked.find((one) => one.method === "POST")?.body).toEqual({
      name: "Lead",
      about: "",
      grants: [
        { permission: "desk", reach: ["own", "queue"] },
        { permission: "panel", reach: ["company"] },
      ],
      hides: ["phone"],
    });
  });

  it("stay while somebody has them, and the members are one press away", async () => {
    server({
      ...signedIn(administrator),
      "GET /roles": roles,
      "DELETE /roles/rol_1": new Refusal(409, "role_in_use", "members", {}, 2),
    });
    open("/settings/roles");
    const night = await screen.findByRole("listitem", { name: "Night shift" });
    fireEvent.click(within(night).getByRole("button", { name: /Delete/ }));
    fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }));
    expect(await screen.findByText("2 people have this role; give them another one first")).toBeTruthy();
  });
});
