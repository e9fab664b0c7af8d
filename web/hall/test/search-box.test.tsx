import { h, render } from "preact";
import { afterEach, expect, it } from "vitest";
import { Context, type HallContext } from "../src/context";
import { i18n } from "../src/i18n";
import { SearchBox } from "../src/ui/search-box";

const draw = (value: string): HTMLInputElement => {
  const context = { words: i18n("en") } as unknown as HallContext;
  render(<Context.Provider value={context}>{h(SearchBox, { value })}</Context.Provider>, document.body);
  return document.querySelector("input") as HTMLInputElement;
};
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 150));

afterEach(() => render(null, document.body));

it("keeps what is typed before the page has come to rest", async () => {
  const box = draw("");
  box.value = "fridge";
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await settle();
  expect(box.value).toBe("fridge");
});

it("shows what was searched for, also when that changes", async () => {
  expect(draw("fridge").value).toBe("fridge");
  await settle();
  const box = draw("phone");
  await settle();
  expect(box.value).toBe("phone");
});
