import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn } from "./render";
import { me } from "./samples";

const exercise = (key: string, more: object = {}) => ({
  key,
  name: { zh: "账单", en: "A bill" },
  about: { zh: "接待", en: "Serve from beginning to end." },
  steps: [
    { zh: "问好", en: "Say hello" },
    { zh: "结束", en: "Resolve it" },
  ],
  finished_at: null,
  is_under_way: false,
  ...more,
});
const nobody = { ...me, permissions: me.permissions.filter((one) => one !== "desk") };

describe("practice", () => {
  const went = vi.fn();
  beforeEach(() => {
    went.mockReset();
    vi.stubGlobal("location", { ...window.location, assign: went });
  });

  it("lists the exercises, says which are finished, and begins one in the language of the page", async () => {
    const asked = server({
      ...signedIn(me),
      "GET /practice-exercises": {
        items: [
          exercise("bill"),
          exercise("hold", { name: { zh: "退款", en: "A refund" }, finished_at: 1_795_158_000_000 }),
        ],
      },
      "POST /practice-exercises/bill/begin": null,
    });
    open("/practice");
    const list = await screen.findByRole("list", { name: "Practice" });
    const [bill, hold] = within(list).getAllByRole("heading", { level: 2 });
    expect([bill?.textContent, hold?.textContent]).toEqual(["A bill", "A refund"]);
    expect(within(list).getAllByText("Finished")).toHaveLength(1);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Begin “A bill”" }));
    await waitFor(() => expect(went).toHaveBeenCalledWith("/practice/console/inbox"));
    expect(asked.asked.find(({ method }) => method === "POST")?.body).toEqual({ lang: "en" });
  });

  it("goes on with what is under way, and says why nothing could be begun", async () => {
    server({
      ...signedIn(me),
      "GET /practice-exercises": { items: [exercise("bill", { is_under_way: true })] },
      "POST /practice-exercises/bill/begin": new Refusal(403, "not_permitted"),
    });
    open("/practice");
    fireEvent.click(await screen.findByRole("button", { name: "Begin “A bill” again" }));
    expect(await screen.findByText("You do not have permission; ask an administrator")).toBeTruthy();
    expect(went).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Go on with “A bill”" }));
    expect(went).toHaveBeenCalledWith("/practice/console/inbox");
  });

  it("is not there for those who do not serve", async () => {
    server({ ...signedIn(nobody) });
    open("/practice");
    await screen.findAllByRole("navigation", { name: "Main" });
    expect(screen.queryByRole("list", { name: "Practice" })).toBeNull();
  });
});
