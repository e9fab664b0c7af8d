import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { cloud, manager, me } from "./samples";

const list = (...items: unknown[]) => ({ items, currency: "CNY" });
const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe("plans", () => {
  it("are listed with fee and allowances, and are accessible", async () => {
    server({ ...signedIn(manager), "GET /plans": list(cloud) });
    open("/goods/plans");
    const row = (await screen.findByText("Cloud 59")).closest("tr")!;
    for (const text of ["¥59.00", "40 GB", "300 min", "Everyone", "Published"])
      expect(within(row).getByText(text), text).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("are added: the form names what is wrong, and sends what was entered", async () => {
    const all = server({ ...signedIn(manager), "GET /plans": list(), "POST /plans": cloud });
    open("/goods/plans");
    expect(await screen.findByText(/No plans yet/)).toBeTruthy();
    await press("New plan");
    expect(await faults(document.body)).toEqual([]);
    type("Data in GB", "a lot");
    await press("Save draft");
    for (const text of ["Give it a name", "Enter the monthly fee", "A whole number from 0 to 1000000"])
      expect(screen.getByText(text), text).toBeTruthy();
    type("Name (English)", "Cloud 59");
    type("Monthly fee", "59.00");
    type("Data in GB", "40");
    type("Supplementary cards", "2");
    type("Of these free", "1");
    await press("Save and publish");
    await waitFor(() =>
      expect(all.asked.find(({ method }) => method === "POST")?.body).toMatchObject({
        name: { zh: "", en: "Cloud 59" },
        monthly_fee_fen: 5900,
        data_gb: 40,
        audience: "everyone",
        supplementary_cards: { max: 2, free: 1 },
        state: "live",
      }),
    );
  });

  it("are withdrawn at once, which can be undone", async () => {
    const all = server({
      ...signedIn(manager),
      "GET /plans": list(cloud),
      "PATCH /plans/cloud-59": ({ body }: Asked) => ({ ...cloud, ...(body as object), updated_at: 200 }),
    });
    open("/goods/plans");
    await press("Unpublish Cloud 59");
    await press("Undo");
    await waitFor(() =>
      expect(all.asked.filter(({ method }) => method === "PATCH").map(({ body }) => body)).toEqual([
        { state: "off", seen: 100 },
        { state: "live", seen: 200 },
      ]),
    );
  });

  it("put a refusal beside its field, and show both versions of a conflict", async () => {
    let refusal = new Refusal(422, "invalid_value", "supplementary_cards.free");
    const all = server({
      ...signedIn(manager),
      "GET /plans": list(cloud),
      "GET /plans/cloud-59": cloud,
      "PATCH /plans/cloud-59": () => refusal,
    });
    open("/goods/plans?open=cloud-59");
    await screen.findByRole("dialog", { name: "Edit “Cloud 59”" });
    type("Of these free", "3");
    await press("Save");
    expect(await screen.findByText("No more cards can be free than the plan has")).toBeTruthy();
    refusal = new Refusal(409, "conflict");
    all.answers["GET /plans/cloud-59"] = { ...cloud, monthly_fee_fen: 6100, updated_at: 300 };
    await press("Save");
    expect(await screen.findByText(/Somebody has changed it/)).toBeTruthy();
    await press("Use theirs");
    await waitFor(() => expect((screen.getByLabelText("Monthly fee") as HTMLInputElement).value).toBe("61.00"));
  });

  it("keep what is paid, and what is given for it, with who may not set prices, who adds none", async () => {
    const all = server({
      ...signedIn(me),
      "GET /plans": list(cloud),
      "GET /plans/cloud-59": cloud,
      "PATCH /plans/cloud-59": cloud,
    });
    open("/goods/plans?open=cloud-59");
    await screen.findByRole("dialog", { name: "Edit “Cloud 59”" });
    expect(screen.queryByRole("button", { name: "New plan" })).toBeNull();
    expect((screen.getByLabelText("Monthly fee") as HTMLInputElement).readOnly).toBe(true);
    expect((screen.getByLabelText("Data in GB") as HTMLInputElement).readOnly).toBe(true);
    expect(screen.getByText(/permission to set prices change the fee and what it includes/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    type("Name (English)", "Cloud 60");
    await press("Save");
    await waitFor(() => expect(all.asked.some(({ method }) => method === "PATCH")).toBe(true));
    expect(all.asked.find(({ method }) => method === "PATCH")?.body).toEqual({
      name: { zh: "云享59", en: "Cloud 60" },
      notes: cloud.notes,
      state: "live",
      seen: 100,
    });
  });

  it("are put on sale only by who may set prices", async () => {
    const draft = { ...cloud, id: "cloud-60", name: { zh: "云享60", en: "Cloud 60" }, state: "draft" };
    server({
      ...signedIn(me),
      "GET /plans": ({ query }: Asked) =>
        query.get("deleted") === "true" ? list({ ...cloud, deleted_at: 400 }) : list(cloud, draft),
      "GET /plans/cloud-60": draft,
      "PATCH /plans/cloud-59": { ...cloud, state: "off", updated_at: 200 },
    });
    open("/goods/plans");
    await press("Unpublish Cloud 59");
    expect(await screen.findByText(/^Unpublished: Cloud 59. A colleague with the permission/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Publish Cloud 60" })).toBeNull();
    await press("Edit Cloud 60");
    await screen.findByRole("dialog", { name: "Edit “Cloud 60”" });
    expect(screen.queryByRole("button", { name: "Save and publish" })).toBeNull();
    expect(screen.getByRole("button", { name: /^Published/ }).getAttribute("aria-disabled")).toBe("true");
    expect(await faults(document.body)).toEqual([]);
    await press("Close");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    fireEvent.change(screen.getByLabelText("State"), { target: { value: "deleted" } });
    expect(await screen.findByText("Cloud 59")).toBeTruthy();
    await waitFor(() => expect(screen.queryByText("Cloud 60")).toBeNull());
    expect(screen.queryByRole("button", { name: "Restore Cloud 59" })).toBeNull();
  });

  it("are deleted and restored", async () => {
    const all = server({
      ...signedIn(manager),
      "GET /plans": ({ query }: Asked) =>
        query.get("deleted") === "true" ? list({ ...cloud, deleted_at: 400 }) : list(cloud),
      "DELETE /plans/cloud-59": null,
      "POST /plans/cloud-59/restore": cloud,
    });
    const { router } = open("/goods/plans");
    await press("Delete Cloud 59");
    expect(await screen.findByText("Deleted: Cloud 59")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("State"), { target: { value: "deleted" } });
    await waitFor(() => expect(router.state.location.search).toEqual({ deleted: true }));
    await press("Restore Cloud 59");
    await waitFor(() => expect(all.asked.some(({ path }) => path === "/plans/cloud-59/restore")).toBe(true));
  });
});
