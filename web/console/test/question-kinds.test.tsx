import { fireEvent, screen, waitFor } from "@testing-library/react";
import type { QuestionKind, Skill } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { aboutWords } from "../src/desk/asked-about";
import { open, server, signedIn } from "./render";
import { administrator, customer, noon } from "./samples";

const refund: QuestionKind = {
  id: "qkd_1",
  name: { zh: "退费", en: "Refund" },
  queue: "que_gone",
  details: [],
  archived_at: null,
  updated_at: 3,
};
const old: QuestionKind = { ...refund, id: "qkd_2", name: { zh: "旧", en: "Old" }, archived_at: noon };
const list = (...items: unknown[]) => ({ items });
const answers = {
  ...signedIn(administrator),
  "GET /queues": list(),
  "GET /question-kinds": list(refund, old),
  "PATCH /question-kinds/qkd_1": refund,
};

describe("what customers said that it is about", () => {
  it("is not drawn as skipped once it was erased", () => {
    const entry = { seq: 1, kind: "asked_about" as const, v: 1, at: noon, by: customer };
    expect(aboutWords({ ...entry, body: null })).toEqual(["system.erased"]);
    expect(aboutWords({ ...entry, body: {} })).toEqual(["system.about_skipped"]);
  });
});

describe("a kind of question", () => {
  it("whose queue was deleted can be edited: it leads to that of the site, as it says", async () => {
    const all = server(answers);
    open("/settings/question-kinds");
    fireEvent.click(await screen.findByRole("button", { name: "Edit Refund" }));
    const name = await screen.findByLabelText(/Name.*English/);
    await waitFor(() =>
      expect(screen.getByLabelText<HTMLSelectElement>(/Queue it leads to/).selectedOptions[0]?.text).toBe(
        "The queue of the site",
      ),
    );
    fireEvent.change(name, { target: { value: "Money back" } });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(all.asked.find((one) => one.method === "PATCH")?.body).toMatchObject({
        name: { zh: "退费", en: "Money back" },
        queue: null,
      }),
    );
  });

  it("that is archived keeps its name where a skill is needed for it, and is not offered again", async () => {
    const skill: Skill = {
      id: "skl_1",
      name: { zh: "钱", en: "Money" },
      members: [],
      needs: [{ question: "qkd_2", level: 3 }],
      updated_at: 1,
    } as unknown as Skill;
    server({
      ...answers,
      "GET /skills": list(skill),
      "GET /company/sites": list(),
      "GET /colleagues": { agents: [], queues: [] },
    });
    open("/settings/skills");
    fireEvent.click(await screen.findByRole("button", { name: "Edit Money" }));
    expect((await screen.findAllByText("Kind of question: Old (archived)")).map((one) => one.tagName)).toEqual(["BDI"]);
    expect(screen.getByRole("option", { name: "Kind of question: Refund" })).toBeTruthy();
  });
});
