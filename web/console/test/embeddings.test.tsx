import { screen, within } from "@testing-library/react";
import type { Embeddings } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, server, signedIn } from "./render";
import { administrator, manager, noon } from "./samples";

const page = "/bot/embeddings";
const model: NonNullable<Embeddings["model"]> = {
  name: "encoder-1",
  place: "endpoint",
  condition: "working",
  dimensions: 384,
  failure: null,
};
const shows = (body: Embeddings) => {
  server({ ...signedIn(administrator), "GET /company/embeddings": body });
  open(page);
};

describe("embeddings", () => {
  it("says how to set up a model while there is none", async () => {
    shows({ model: null, weights: null });
    expect(await screen.findByText(/section \[embedding\] of the configuration file/)).toBeTruthy();
  });

  it("shows the model, how it is doing, how much it counts, and that nothing failed", async () => {
    shows({ model, weights: { zh: 0.45, en: null } });
    const card = within(await screen.findByRole("region", { name: "Model" }));
    for (const words of ["encoder-1", "at a service", "working", "384", "0.45", "none since the start"])
      expect(card.getByText(words)).toBeTruthy();
    expect(card.getByText(/does not count/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("shows what failed last, in words and as the log has it", async () => {
    const failure = { kind: "wrong_count", detail: "3 vectors for 2 texts", at: noon } as const;
    shows({ model: { ...model, condition: "failing", dimensions: null, failure }, weights: null });
    const card = within(await screen.findByRole("region", { name: "Model" }));
    expect(card.getByText("failing: the bot answers without it")).toBeTruthy();
    expect(card.getByText("it returned the wrong number of vectors")).toBeTruthy();
    expect(card.getByText("3 vectors for 2 texts")).toBeTruthy();
    expect(card.getAllByText("computed after publishing; not done yet").length).toBe(2);
  });

  it("is for administrators", async () => {
    const asked = server({ ...signedIn(manager) });
    open(page);
    expect(await screen.findByRole("heading", { level: 1 })).toBeTruthy();
    expect(asked.asked.some((one) => one.path === "/company/embeddings")).toBe(false);
  });
});
