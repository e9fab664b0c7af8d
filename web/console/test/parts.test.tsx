import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Suspense, useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { bring } from "@yingda/api/bring";
import { partOf } from "../src/lib/parts";
import { keptOf, reload, useKept } from "../src/lib/reload";
import { clearToasts, Toasts } from "../src/lib/toast";
import { isUnsaved, useUnsaved } from "../src/lib/unsaved";
import { adoptPrefs } from "../src/lib/prefs";
import "./render";
import { files, web } from "./sources";

afterEach(() => {
  vi.unstubAllGlobals();
  clearToasts();
});
const answering = (answers: boolean) =>
  vi.stubGlobal("fetch", async () => (answers ? new Response(null) : Promise.reject(new TypeError("failed"))));
const gone = () => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

it.each([
  [true, "upgrade_required"],
  [false, "network"],
])("tells a server of another version from one that is not reached: answers %s", async (answers, code) => {
  answering(answers);
  await expect(bring(gone)).rejects.toMatchObject({ code });
});

it("leaves the page where it is if a part of it is missing, says why, and asks for it again when it is shown again", async () => {
  answering(true);
  const load = vi.fn<() => Promise<() => string>>(gone);
  const Part = partOf(load as never);
  function Page() {
    const [shown, setShown] = useState(false);
    return (
      <>
        <button type="button" onClick={() => setShown((before) => !before)}>
          Show
        </button>
        <input aria-label="Words" />
        <Suspense fallback={null}>{shown && <Part />}</Suspense>
        <Toasts />
      </>
    );
  }
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  render(<Page />);
  const words = screen.getByLabelText("Words") as HTMLInputElement;
  fireEvent.change(words, { target: { value: "kept" } });
  const press = () => act(async () => void fireEvent.click(screen.getByText("Show")));
  await press();
  expect(await screen.findByText(/The page and the server have different versions/)).toBeTruthy();
  expect(words.isConnected && words.value).toBe("kept");
  await press();
  load.mockImplementation(async () => () => "Here it is");
  await press();
  await waitFor(() => expect(screen.getByText("Here it is")).toBeTruthy());
  expect(load).toHaveBeenCalledTimes(2);
});

it("keeps what a form holds over a reload that was asked for here: once, for the same person, and for the same record", () => {
  vi.stubGlobal("location", { ...location, reload: vi.fn() });
  function Form({ from, name }: { from: string; name: string }) {
    const [kept] = useState(() => keptOf("queue", from));
    useKept("queue", from, name, name !== from);
    useUnsaved(name !== from);
    return <p>{kept}</p>;
  }
  const one = (from: string, name: string) => {
    const view = render(<Form from={from} name={name} />);
    const said = view.container.textContent;
    reload();
    // Nothing is asked about what is kept.
    expect(isUnsaved()).toBe(false);
    view.unmount();
    return said;
  };
  adoptPrefs("ada");
  expect([one("Calls", "Phones"), one("Calls", "Calls"), one("Calls", "Calls")]).toEqual(["", "Phones", ""]);
  one("Calls", "Phones");
  expect(one("Changed by another", "Changed by another")).toBe("");
  one("Calls", "Phones");
  adoptPrefs("ben");
  expect(one("Calls", "Calls")).toBe("");
});

it("asks before what is not kept is lost", () => {
  vi.useFakeTimers();
  vi.stubGlobal("location", { ...location, reload: vi.fn() });
  function Note() {
    useUnsaved(true);
    return null;
  }
  const view = render(<Note />);
  reload();
  expect(isUnsaved()).toBe(true);
  view.unmount();
  expect(isUnsaved()).toBe(false);
  vi.useRealTimers();
});

it("loads every part so that its absence is told", () => {
  const bare = files(join(web, "console/src"), /\.tsx?$/).filter((path) =>
    /\b(lazy|lazyRouteComponent)\((?!.*\bbring\()/.test(readFileSync(path, "utf8")),
  );
  expect(bare.map((path) => relative(web, path))).toEqual([]);
});
