import { act, fireEvent, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { drawnIn, rangeOf } from "../src/lib/shown-rows";
import { faults } from "../../ui/antd/test/axe";
import { openDesk } from "./on-desk";
import { conversation, noon } from "./samples";

const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => conversation((n + 16).toString(16), { waiting_since: noon - count + n }));

describe("the rows near the view", () => {
  it("are all of them where they are few, or nothing is laid out", () => {
    expect(rangeOf(40, 36, 0, 700)).toEqual({ begin: 0, end: 40 });
    expect(rangeOf(200, 0, 0, 700)).toEqual({ begin: 0, end: 200 });
  });

  it("are those in view with some around them, wherever the list begins", () => {
    expect(rangeOf(200, 36, 0, 700)).toEqual({ begin: 0, end: 32 });
    expect(rangeOf(200, 36, -3600, 700)).toEqual({ begin: 88, end: 136 });
    expect(rangeOf(200, 36, 5000, 700)).toEqual({ begin: 0, end: 0 });
    expect(rangeOf(200, 36, -9000, 700)).toEqual({ begin: 200, end: 200 });
  });

  it("come with those that must be there, once each and in order", () => {
    expect(drawnIn({ begin: 3, end: 6 }, [9, 0, 4, -1, 99], 10)).toEqual([0, 3, 4, 5, 9]);
  });
});

describe("a list of two hundred conversations", () => {
  it("draws those near the view, says how many there are, and is walked to its end", async () => {
    vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(36);
    vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(700);
    const { stream } = await openDesk({ mine: [] });
    act(() => stream.receive({ t: "lists", mine: rows(200), queue: [] }));
    const drawn = () => [...document.querySelectorAll<HTMLElement>(".item-box")];
    expect(drawn()).toHaveLength(32);
    expect([drawn()[31]?.getAttribute("aria-posinset"), drawn()[31]?.getAttribute("aria-setsize")]).toEqual([
      "32",
      "200",
    ]);
    const gaps = () =>
      [...document.querySelectorAll<HTMLElement>('.rows li[aria-hidden="true"]')].map((one) => one.style.blockSize);
    expect(gaps()).toEqual([`${168 * 36}px`]);
    screen.getByRole("link", { name: /^Question 0010/ }).focus();
    fireEvent.keyDown(document.activeElement!, { key: "End" });
    expect(document.activeElement?.textContent).toContain("Question 00D7");
    expect(gaps()).toEqual([`${167 * 36}px`]);
    fireEvent.keyDown(document.activeElement!, { key: "ArrowUp" });
    expect(document.activeElement?.textContent).toContain("Question 00D6");
    expect(await faults(document.body)).toEqual([]);
  });
});
