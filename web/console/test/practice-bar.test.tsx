import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { practice } from "../src/lib/practice";
import { open, Refusal, server, signedIn } from "./render";
import { me } from "./samples";

const run = (done: number) => ({
  run: {
    exercise: "bill",
    name: { zh: "账单", en: "A bill" },
    conversation: "cnv_1",
    is_finished: done === 2,
    steps: ["Say hello", "Resolve it"].map((en, at) => ({ words: { zh: "", en }, done: at < done })),
  },
});

describe("the bar of practice", () => {
  const went = vi.fn();
  const { isOn } = practice;
  beforeEach(() => {
    practice.isOn = true;
    went.mockReset();
    vi.spyOn(practice, "toCompany").mockImplementation(went);
  });
  afterEach(() => {
    practice.isOn = isOn;
  });

  it("says on every page that nothing counts, which steps are done, and leads out", async () => {
    const asked = server({ ...signedIn(me), "GET /practice-run": run(1), "POST /practice-run/leave": null });
    open("/handbook");
    const bar = await screen.findByRole("region", { name: "Practice" });
    expect(within(bar).getByText("Practice: nothing here counts")).toBeTruthy();
    expect(await within(bar).findByText("1 of 2 done")).toBeTruthy();
    const steps = within(bar).getAllByRole("listitem");
    expect(steps.map((step) => step.textContent)).toEqual(["Say hello, done", "Resolve it"]);
    expect(await faults(bar)).toEqual([]);
    asked.answers["GET /practice-run"] = run(2);
    expect(await within(bar).findByText("All done: the exercise is finished", {}, { timeout: 5_000 })).toBeTruthy();
    fireEvent.click(within(bar).getByRole("button", { name: "Steps" }));
    expect(within(bar).queryByRole("listitem")).toBeNull();
    fireEvent.click(within(bar).getByRole("button", { name: "Leave practice" }));
    await waitFor(() => expect(went).toHaveBeenCalledWith("/practice"));
  });

  it("offers nothing of one's own account, and leads out when practice has ended", async () => {
    const asked = server({
      ...signedIn(me),
      "GET /practice-run": run(0),
      "POST /practice-run/leave": new Refusal(503, "busy"),
    });
    open("/handbook");
    const bar = await screen.findByRole("region", { name: "Practice" });
    fireEvent.click(screen.getByRole("button", { name: /^Account of/ }));
    expect(await screen.findByRole("link", { name: "Handbook" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Sign out" })).toBeNull();
    expect(screen.queryByRole("link", { name: "Signed-in devices" })).toBeNull();
    asked.answers["GET /practice-run"] = new Refusal(401, "not_signed_in");
    await waitFor(() => expect(went).toHaveBeenCalledWith("/practice"), { timeout: 5_000 });
    expect(bar).toBeTruthy();
  });
});
