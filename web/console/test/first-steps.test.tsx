import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { choose, prefs } from "../src/lib/prefs";
import { open, Refusal, server, signedIn } from "./render";
import { administrator as tara, manager as mira, noon } from "./samples";

const none = { items: [], next: null };
const site = { id: "sit_1", key: "muyu", snippet: '<script data-site="muyu"></script>', seen_at: null, page: null };
const begun = { site, colleagues: 0, answers: 0, conversations: 0 };
const done = {
  site: { ...site, seen_at: noon, page: "https://muyu.example/shop" },
  colleagues: 2,
  answers: 20,
  conversations: 1,
};
const at = (steps: unknown) => ({
  ...signedIn(tara),
  "GET /company/first-steps": steps,
  "GET /staff": none,
  "GET /groups": none,
  "GET /departments": none,
  "GET /queues": none,
});
const step = (name: string) => screen.findByRole("listitem", { name });
const stateOf = async (name: string) => within(await step(name)).getByRole("status").textContent;
const menu = () => screen.findByRole("navigation", { name: "Settings" });
const offered = async () => within(await menu()).queryByRole("link", { name: "First steps" });

beforeEach(() => choose({ firstStepsOver: false, secondNames: true }));
afterEach(() => choose({ firstStepsOver: false, secondNames: null }));

describe("the first steps of a company", () => {
  it("are four, each with what to do, and are accessible", async () => {
    const all = server(at(begun));
    open("/start");
    expect(await screen.findByRole("heading", { name: "First steps" })).toBeTruthy();
    for (const name of [
      "Put the chat on your site",
      "Invite a colleague",
      "Teach the bot the first questions",
      "Have the first conversation",
    ])
      expect(await stateOf(name)).toBe("");
    const first = within(await step("Put the chat on your site"));
    expect(first.getByText(site.snippet)).toBeTruthy();
    expect(first.getByRole("link").getAttribute("href")).toMatch(/^http:\/\/localhost(:\d+)?\/c\/muyu$/);
    const invite = screen.getByRole("link", { name: "Invite the first colleague" });
    expect(invite.getAttribute("href")).toBe("/console/settings/people?open=new");
    expect(screen.getByRole("link", { name: "Or import them from a file" }).getAttribute("href")).toBe(
      "/console/bot/answers?open=import",
    );
    expect(screen.getByRole("link", { name: "Open the page in a new tab" }).getAttribute("target")).toBe("_blank");
    expect(await faults(document.body)).toEqual([]);
    // What was done elsewhere is seen as soon as one is back.
    all.answers["GET /company/first-steps"] = done;
    fireEvent(document, new Event("visibilitychange"));
    await waitFor(async () =>
      expect(await stateOf("Put the chat on your site")).toMatch(/^Seen on https:\/\/muyu.example\/shop/),
    );
    expect(await stateOf("Invite a colleague")).toBe("2 colleagues");
    expect(await stateOf("Teach the bot the first questions")).toBe("20 questions");
    expect(await stateOf("Have the first conversation")).toBe("The first conversation has begun");
    expect(screen.getByText(/^All four steps are done/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Stop offering this" })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
  });

  it("add the questions of a trade, or say why not", async () => {
    const all = server({ ...at(begun), "POST /knowledge/templates": new Refusal(409, "knowledge_not_empty") });
    open("/settings/start");
    fireEvent.click(await screen.findByRole("button", { name: "Shop" }));
    fireEvent.click(screen.getByRole("button", { name: "Add the questions" }));
    expect(await screen.findByText(/There are answers already/)).toBeTruthy();
    all.answers["POST /knowledge/templates"] = () => {
      all.answers["GET /company/first-steps"] = { ...begun, answers: 20 };
      return { added: 20, live: 3 };
    };
    fireEvent.click(screen.getByRole("button", { name: "Add the questions" }));
    expect(await screen.findByText("20 questions added")).toBeTruthy();
    expect(all.asked.filter(({ path }) => path === "/knowledge/templates").map(({ body }) => body)).toEqual([
      { trade: "shop" },
      { trade: "shop" },
    ]);
    await waitFor(async () => expect(await stateOf("Teach the bot the first questions")).toBe("20 questions"));
    expect(screen.queryByRole("button", { name: "Add the questions" })).toBeNull();
    expect(screen.getByRole("link", { name: /^Replace what is in square brackets/ })).toBeTruthy();
  });

  it("say why they could not be read", async () => {
    const all = server(at(new Refusal(500, "internal")));
    open("/settings/start");
    expect(await screen.findByRole("alert")).toBeTruthy();
    all.answers["GET /company/first-steps"] = begun;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await step("Invite a colleague")).toBeTruthy();
  });

  it("are offered in the settings until somebody has enough of them", async () => {
    server(at(begun));
    open("/settings/groups");
    await waitFor(async () => expect(await offered()).toBeTruthy());
    fireEvent.click((await offered())!);
    fireEvent.click(await screen.findByRole("button", { name: "Stop offering this" }));
    await waitFor(() => expect(prefs.get().firstStepsOver).toBe(true));
  });

  it("are offered no more once they are done, and to nobody who cannot take them", async () => {
    const { asked } = server(at(done));
    const view = open("/settings/groups");
    await waitFor(() => expect(prefs.get().firstStepsOver).toBe(true));
    expect(await offered()).toBeNull();
    expect(asked.filter(({ path }) => path === "/company/first-steps")).toHaveLength(1);
    view.unmount();
    choose({ firstStepsOver: false });
    const other = server({ ...at(begun), ...signedIn(mira) });
    open("/settings/groups");
    await screen.findByRole("heading", { name: "Groups" });
    expect(await offered()).toBeNull();
    expect(other.asked.some(({ path }) => path === "/company/first-steps")).toBe(false);
  });
});
