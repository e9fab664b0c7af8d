import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { afterEach, describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { startTour, tours, toursOf, type TourName } from "../src/lib/learning";
import { choose, prefs } from "../src/lib/prefs";
import { pages } from "../src/shell/areas";
import { placeCard } from "../src/tour/place";
import { allSteps, stepsOf, tourThrough } from "../src/tour/steps";
import { open, server, signedIn } from "./render";
import { administrator, manager, me } from "./samples";
import { web, words } from "./sources";

const src = join(web, "console/src");

/** All that a file of the console loads, directly or indirectly, also what it loads later. */
function loaded(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { fileName } of ts.preProcessFile(readFileSync(path, "utf8")).importedFiles) {
    if (!fileName.startsWith(".")) continue;
    const found = [".ts", ".tsx"].map((end) => resolve(dirname(path), fileName + end)).find((file) => existsSync(file));
    if (found) loaded(found, seen);
  }
  return seen;
}
const marks = (path: string) =>
  new Set(
    [...readFileSync(path, "utf8").matchAll(/data-tour"?(?:=|: )"([^"]+)"/g)].flatMap(([, name = ""]) =>
      name.split(" "),
    ),
  );

/** The files with the routes, by the address of the page. */
const routes = new Map(
  [...readFileSync(join(src, "made/routes.ts"), "utf8").matchAll(/from "\.(\.\/[^"]*routes?)"/g)].flatMap(
    ([, name = ""]) => {
      const file = join(src, `${name}.ts`);
      return [...readFileSync(file, "utf8").matchAll(/path: "([^"]+)"/g)].map(([, path = ""]) => [path, file] as const);
    },
  ),
);

const lesson = (name: TourName, finished_at: number | null = null) => ({ lesson: `tour:${name}`, finished_at });
const card = () => screen.findByRole("dialog");
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const none = { items: [], next: null };
const answers = {
  "GET /queues": none,
  "GET /canned-replies": none,
  "POST /lessons/tour%3Aagent/finish": null,
};

afterEach(() => choose({ tourAnswered: false }));

describe("the steps of a tour", () => {
  const steps = tours.flatMap((tour) => allSteps[tour].map((step) => ({ tour, ...step })));

  it.each(steps)("$tour: $id stands on its page, and has words", ({ id, at, anchor, needs }) => {
    const from = at === null ? join(src, "shell/shell.tsx") : routes.get(at);
    expect(from, `the route of ${at}`).toBeDefined();
    const files = [...loaded(from!)].filter((file) => at === null || !file.startsWith(join(src, "shell/")));
    expect(files.some((file) => marks(file).has(anchor))).toBe(true);
    const page = pages.find(({ to }) => to === at);
    if (at !== null) expect(page).toBeDefined();
    if (page?.needs && page.needs !== "knowledge.curate") expect(needs).toBe(page.needs);
    for (const language of ["en", "zh-CN"]) {
      const said = words("console", language);
      expect(said.get(`tour.step.${id}.title`)).toBeTruthy();
      expect(said.get(`tour.step.${id}.text`)).toBeTruthy();
    }
  });

  it("are all that have words, and five to eight for each role", () => {
    const told = [...words("console", "en").keys()].flatMap((key) => /^tour\.step\.(\w+)\.title$/.exec(key)?.[1] ?? []);
    expect(new Set(told)).toEqual(new Set(steps.map(({ id }) => id)));
    for (const who of [me, manager, administrator])
      for (const tour of toursOf(who)) {
        expect(stepsOf(tour, who).length, tour).toBeGreaterThanOrEqual(5);
        expect(stepsOf(tour, who).length, tour).toBeLessThanOrEqual(8);
      }
  });

  it("are those of what somebody may do, whatever their role is called", () => {
    expect([me, manager, administrator].map(toursOf)).toEqual([
      ["agent"],
      ["agent", "manager"],
      ["agent", "manager", "administrator"],
    ]);
    expect(stepsOf("agent", { permissions: [] }).map(({ id }) => id)).toEqual([
      "rail",
      "search",
      "canned",
      "me",
      "help",
    ]);
    expect(tourThrough(toursOf(administrator), "/settings/people", administrator)).toBe("administrator");
    expect(tourThrough(toursOf(manager), "/settings/people", manager)).toBe("manager");
    expect(tourThrough(toursOf(me), "/sessions", me)).toBeUndefined();
  });
});

describe("a tour", () => {
  it("is offered once; later is kept", async () => {
    server({ ...signedIn(me), ...answers, "GET /lessons": { items: [lesson("agent")] } });
    const { unmount } = open("/sessions");
    await screen.findAllByRole("navigation", { name: "Main" });
    const offer = await screen.findByRole("region", { name: "Tour" });
    expect(offer.textContent).toContain("Finding your way");
    expect(await faults(document.body)).toEqual([]);
    press("Later");
    await waitFor(() => expect(screen.queryByRole("region", { name: "Tour" })).toBeNull());
    expect(prefs.get().tourAnswered).toBe(true);
    unmount();
    const again = server({ ...signedIn(me), ...answers });
    open("/sessions");
    await screen.findAllByRole("navigation", { name: "Main" });
    expect(again.asked.some(({ path }) => path === "/lessons")).toBe(false);
  });

  it("is not offered to whoever has finished it", async () => {
    server({ ...signedIn(me), ...answers, "GET /lessons": { items: [lesson("agent", 1)] } });
    open("/sessions");
    await waitFor(() => expect(prefs.get().tourAnswered).toBe(true));
    expect(screen.queryByRole("region", { name: "Tour" })).toBeNull();
  });

  it("goes over the pages, back and forth, and is finished at its end", async () => {
    const asked = server({ ...signedIn(me), ...answers, "GET /lessons": { items: [lesson("agent")] } });
    const { router } = open("/sessions");
    await screen.findByRole("region", { name: "Tour" });
    press("Take the tour");
    const dialog = await card();
    expect(within(dialog).getByRole("heading").textContent).toBe("All your work is here");
    expect(dialog.textContent).toContain("1 of 8");
    expect(document.activeElement).toBe(within(dialog).getByRole("button", { name: "Next" }));
    expect(within(dialog).queryByRole("button", { name: "Back" })).toBeNull();
    expect(await faults(document.body)).toEqual([]);
    press("Next");
    press("Next");
    await waitFor(() => expect(router.state.location.pathname).toBe("/inbox"));
    expect(within(dialog).getByRole("heading").textContent).toBe("Your conversations");
    fireEvent.keyDown(dialog, { key: "ArrowLeft" });
    expect(within(dialog).getByRole("heading").textContent).toBe("Find anything");
    press("Back");
    expect(document.activeElement).toBe(within(dialog).getByRole("button", { name: "Next" }));
    for (let step = 0; step < 7; step++) fireEvent.keyDown(dialog, { key: "ArrowRight" });
    fireEvent.keyDown(dialog, { key: "ArrowRight" });
    expect(dialog.textContent).toContain("8 of 8");
    press("Finish");
    await waitFor(() => expect(asked.asked.some(({ method }) => method === "POST")).toBe(true));
    expect(await screen.findByText("Tour finished: Finding your way")).toBeTruthy();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.queryByRole("region", { name: "Tour" })).toBeNull();
  });

  it("is left by Escape, and is not finished then", async () => {
    const asked = server({ ...signedIn(me), ...answers });
    open("/sessions");
    fireEvent.click((await screen.findAllByRole("button", { name: /Account of/ }))[0]!);
    press("Take the tour");
    fireEvent(await card(), new Event("cancel", { cancelable: true }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(asked.asked.some(({ method }) => method === "POST")).toBe(false);
  });

  it("begins at the step of a page", async () => {
    const asked = server({ ...signedIn(manager), ...answers });
    open("/sessions");
    await screen.findAllByRole("navigation", { name: "Main" });
    act(() => startTour("manager", "/announcements"));
    expect(within(await card()).getByRole("heading").textContent).toBe("Tell everybody");
    press("Close");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(
      asked.asked.some(({ method }) => method === "POST"),
      "it was not taken as a whole",
    ).toBe(false);
  });
});

describe("the card of a step", () => {
  const screen_ = { width: 1000, height: 800 };
  const size = { width: 300, height: 200 };

  it("stands below, above or beside what it speaks of, and never beyond the screen", () => {
    expect(placeCard({ x: 100, y: 20, width: 600, height: 40 }, size, screen_)).toEqual({ x: 100, y: 72 });
    expect(placeCard({ x: 900, y: 740, width: 90, height: 40 }, size, screen_)).toEqual({ x: 688, y: 528 });
    expect(placeCard({ x: 0, y: 0, width: 72, height: 800 }, size, screen_)).toEqual({ x: 84, y: 12 });
    expect(placeCard(null, size, screen_)).toEqual({ x: 350, y: 300 });
  });

  it("covers as little of it as it can where there is no room", () => {
    const phone = { width: 360, height: 640 };
    const at = placeCard({ x: 0, y: 0, width: 360, height: 560 }, { width: 336, height: 220 }, phone);
    expect(at).toEqual({ x: 12, y: 408 });
  });
});
