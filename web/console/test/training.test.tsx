import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { open, Refusal, server, signedIn } from "./render";
import { manager, me } from "./samples";

const at = 1_795_158_000_000;
const lesson = (name: string, finished_at: number | null = null) => ({ lesson: name, finished_at });
const team = {
  lessons: [
    { lesson: "tour:agent", finished: 1, of: 3 },
    { lesson: "tour:manager", finished: 0, of: 1 },
    { lesson: "practice:refund", finished: 1, of: 2 },
  ],
  items: [
    { id: "agt_1", name: "Mira", number: "0100", lessons: [lesson("tour:agent"), lesson("tour:manager")] },
    { id: "agt_2", name: "Ada", number: "0101", lessons: [lesson("tour:agent", at), lesson("practice:refund", at)] },
    { id: "agt_3", name: "Eve", number: "0102", lessons: [lesson("tour:agent"), lesson("practice:refund")] },
  ],
};
const names = (table: HTMLElement) =>
  within(table)
    .getAllByRole("rowheader")
    .map((cell) => cell.textContent?.split(" ")[0]);

describe("training", () => {
  it("lists one's own lessons, finished or not, and begins them", async () => {
    const items = [lesson("tour:agent"), lesson("practice:refund", at)];
    server({ ...signedIn(me), "GET /lessons": { items } });
    open("/training");
    const own = await screen.findByRole("listitem", { name: "Finding your way" });
    expect(own.textContent).toContain("Not yet");
    expect((await screen.findByRole("listitem", { name: "Exercise: refund" })).textContent).toContain("Finished");
    expect(screen.queryByRole("heading", { name: "The team" })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(own).getByRole("button", { name: "Start" }));
    expect(await screen.findByRole("heading", { name: "All your work is here" })).toBeTruthy();
  });

  it("says why they could not be loaded", async () => {
    server({ ...signedIn(me), "GET /lessons": new Refusal(500, "internal") });
    open("/training");
    expect((await screen.findByRole("alert")).textContent).toBe("Server error");
  });

  it("shows who has finished what; each number opens the list behind it", async () => {
    server({ ...signedIn(manager), "GET /lessons": { items: [] }, "GET /lessons/team": team });
    const { router } = open("/training");
    const table = await screen.findByRole("table", { name: "The team" });
    expect(names(table)).toEqual(["Mira", "Ada", "Eve"]);
    expect(within(table).getAllByText("Not part of their work").length).toBe(3);
    expect(await faults(document.body)).toEqual([]);
    expect(screen.getByRole("link", { name: "Save as CSV" }).getAttribute("href")).toBe(
      "/api/v1/lessons/team/export.csv",
    );
    fireEvent.click(screen.getByRole("link", { name: "2 have not yet" }));
    await waitFor(() => expect(names(table)).toEqual(["Mira", "Eve"]));
    expect(router.state.location.search).toEqual({ lesson: "tour:agent", show: "open" });
    fireEvent.change(screen.getByLabelText("Who"), { target: { value: "finished" } });
    await waitFor(() => expect(names(table)).toEqual(["Ada"]));
    fireEvent.change(screen.getByLabelText("Lesson"), { target: { value: "tour:manager" } });
    expect(await screen.findByText("Nobody matches.")).toBeTruthy();
    fireEvent.click(screen.getByRole("link", { name: "Show everybody" }));
    expect(names(await screen.findByRole("table", { name: "The team" }))).toEqual(["Mira", "Ada", "Eve"]);
  });
});
