import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn } from "./render";
import { administrator } from "./samples";

describe("what could not be loaded", () => {
  it.each([
    ["/settings/people", "/staff"],
    ["/settings/groups", "/groups"],
    ["/settings/queues", "/queues"],
    ["/settings/company", "/company"],
    ["/settings/sites", "/company/sites"],
    ["/bot/embeddings", "/company/embeddings"],
    ["/settings/webhooks", "/webhooks"],
    ["/bot/canned-replies", "/canned-replies"],
    ["/goods", "/goods"],
    ["/bot/answers", "/knowledge/entries"],
    ["/sessions", "/auth/sessions"],
    ["/floor/live", "/panel"],
    ["/reports/history", "/metrics"],
    ["/floor/wall", "/wall-links"],
  ])("%s says why, offers another try and the number of the request", async (page, endpoint) => {
    const all = server({ ...signedIn(administrator), [`GET ${endpoint}`]: new Refusal(500, "internal") });
    open(page);
    const fault = (await screen.findAllByText("Server error"))
      .map((one) => one.closest<HTMLElement>(".failed"))
      .find((one) => one !== null)!;
    expect(within(fault).getByRole("alert")).toBeTruthy();
    expect(within(fault).getByText("Details").closest("details")?.textContent).toBe("DetailsRequest req_1");
    const asked = () => all.asked.filter((one) => one.path === endpoint).length;
    const before = asked();
    fireEvent.click(within(fault).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(asked()).toBeGreaterThan(before));
  });

  it("is accessible, and gone once it is there", async () => {
    const all = server({ ...signedIn(administrator), "GET /groups": new Refusal(500, "internal") });
    open("/settings/groups");
    const again = await screen.findByRole("button", { name: "Try again" });
    expect(await faults(document.body)).toEqual([]);
    all.answers["GET /groups"] = { items: [] };
    fireEvent.click(again);
    expect(await screen.findByText("No groups yet")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
