import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, server, signedIn } from "./render";
import { manager, me } from "./samples";

const one = {
  id: "ann_1",
  title: "New tariffs today",
  text: "See page 3.",
  group: null,
  by: "Mira",
  at: 1_795_158_000_000,
  read_at: null,
  to_me: true,
  read_by: null,
};
const list = (items: unknown[], may_tell: unknown = null) => ({ items, unread: items.length, may_tell });
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));

describe("announcements", () => {
  it("stand above every page until they are read, and are read on their own", async () => {
    const asked = server({
      ...signedIn(me),
      "GET /staff-announcements": list([one]),
      "POST /staff-announcements/ann_1/read": null,
    });
    const { router } = open("/sessions");
    expect(await screen.findByRole("link", { name: "New tariffs today" })).toBeTruthy();
    await router.navigate({ to: "/announcements" });
    const card = await screen.findByRole("listitem");
    expect(within(card).getByText("See page 3.")).toBeTruthy();
    expect(screen.queryByRole("link", { name: "New tariffs today" })).toBeNull();
    expect(screen.queryByRole("button", { name: "New announcement" })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    asked.answers["GET /staff-announcements"] = { ...list([{ ...one, read_at: one.at }]), unread: 0 };
    await press("I have read it");
    await waitFor(() => expect(screen.queryByRole("button", { name: "I have read it" })).toBeNull());
  });

  it("are made for everybody or a group, and show who has read them", async () => {
    const night = { id: "grp_1", name: "Night" };
    const own = { ...one, group: night, read_by: { read: 1, of: 2 } };
    const asked = server({
      ...signedIn(manager),
      "GET /staff-announcements": list([own], { everybody: true, groups: [night] }),
      "POST /staff-announcements": own,
      "GET /staff-announcements/ann_1/readers": {
        items: [
          { id: "agt_1", name: "Ada", read_at: null },
          { id: "agt_2", name: "Eve", read_at: one.at },
        ],
      },
    });
    open("/announcements");
    await press("Read by 1 of 2");
    const readers = await screen.findByRole("list", { name: "Who has read it" });
    expect(within(readers).getAllByRole("listitem")[0]?.textContent).toBe("AdaNot yet");
    await press("New announcement");
    expect(await faults(document.body)).toEqual([]);
    await press("Announce");
    expect(screen.getByText("Enter a title")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Title"), { target: { value: " Tonight " } });
    fireEvent.change(screen.getByLabelText("For"), { target: { value: "grp_1" } });
    await press("Announce");
    await waitFor(() =>
      expect(asked.asked.find(({ method }) => method === "POST")?.body).toEqual({
        title: "Tonight",
        text: "",
        group: "grp_1",
      }),
    );
  });
});
