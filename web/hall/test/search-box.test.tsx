import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it } from "vitest";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { SearchBox } from "../src/ui/search-box";

const draw = (value: string): void => {
  const context = { words: i18n("en") } as unknown as HallContext;
  render(<Context.Provider value={context}>{h(SearchBox, { value })}</Context.Provider>, document.body);
};
const box = (): HTMLInputElement => document.querySelector("input") as HTMLInputElement;

afterEach(() => render(null, document.body));

it("keeps what is typed before the page has come to rest", async () => {
  // Effects that wait for the page to be painted run when `act` ends, which is after the typing.
  await act(() => {
    draw("");
    box().value = "fridge";
    box().dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  expect(box().value).toBe("fridge");
});

it("shows what was searched for, also when that changes", async () => {
  await act(() => draw("fridge"));
  expect(box().value).toBe("fridge");
  await act(() => draw("phone"));
  expect(box().value).toBe("phone");
});
