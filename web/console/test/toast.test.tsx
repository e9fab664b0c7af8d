import { act, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clearToasts, toast, Toasts } from "../src/lib/toast";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  clearToasts();
  vi.useRealTimers();
});

const wait = (ms: number) => act(() => vi.advanceTimersByTime(ms));

it("undoes what was reported last with Ctrl Z, until somebody types", () => {
  const undone: string[] = [];
  const report = (what: string) =>
    act(() => toast(what, "plain", { word: "Undo", run: () => undone.push(what), undoes: true }));
  render(
    <>
      <input aria-label="Words" />
      <Toasts />
    </>,
  );
  const field = screen.getByLabelText("Words");
  const undo = () => fireEvent.keyDown(field, { ctrlKey: true, key: "z", code: "KeyZ" });
  undo();
  report("one");
  report("two");
  undo();
  undo();
  undo();
  expect(undone).toEqual(["two", "one"]);
  report("three");
  fireEvent.input(field, { target: { value: "a" } });
  undo();
  expect(undone).toEqual(["two", "one"]);
  report("four");
  wait(8100);
  undo();
  expect(undone).toEqual(["two", "one"]);
});

it("names the key of an undo, and counts down", () => {
  render(<Toasts />);
  act(() => toast("Resolved", "plain", { word: "Undo", run: () => undefined, undoes: true }));
  const left = () => document.querySelector(".toast-left")?.textContent;
  expect(document.querySelector("kbd")?.textContent).toBe("Ctrl Z");
  expect(left()).toBe("8 sec");
  wait(3000);
  expect(left()).toBe("5 sec");
  fireEvent.keyDown(document.body, { key: "Tab" });
  wait(1000);
  expect(left()).toBe("7 sec");
});

it("lets a warning go with the next message", () => {
  render(<Toasts />);
  act(() => toast("Press again", "warn"));
  expect(screen.getByText("Press again").closest(".toast-warn")?.querySelector("svg")).toBeTruthy();
  act(() => toast("Resolved"));
  expect(screen.queryByText("Press again")).toBeNull();
  expect(screen.getByText("Resolved")).toBeTruthy();
});

it("leaves what can be taken back to who walks there by keyboard, and goes when nobody does", () => {
  render(<Toasts />);
  act(() => {
    toast("Saved");
    toast("Deleted", "plain", { word: "Undo", run: () => undefined });
  });
  wait(4900);
  fireEvent.keyDown(document.body, { key: "Tab" });
  wait(200);
  expect(screen.queryByText("Saved")).toBeNull();
  wait(7000);
  fireEvent.keyDown(document.body, { key: "Tab" });
  wait(7900);
  expect(screen.getByRole("button", { name: "Undo" })).toBeTruthy();
  wait(200);
  expect(screen.queryByText("Deleted")).toBeNull();
});
