import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { shownState } from "../src/desk/shapes";
import { loadWords } from "../src/lib/i18n";
import { choose } from "../src/lib/prefs";
import type { Measured } from "../src/panel/history/model";
import { usePartName } from "../src/panel/history/names";

const part = (id: string | null, called: Measured["called"] = null) => ({ part: id, called }) as unknown as Measured;

it("calls what no agent had the bot's, and what has none of another part by the words of that part", async () => {
  choose({ language: "en" });
  await Promise.all([loadWords("en", "first"), loadWords("en", "later")]);
  const { result } = renderHook(() => usePartName());
  const nameOf = result.current;
  expect(nameOf(part(null), "agent")).toBe("Bot only");
  expect(nameOf(part(null), "queue")).toBe("No queue");
  expect(nameOf(part("agt_1", { zh: "薛白", en: "Xue Bai" }), "agent")).toBe("Xue Bai");
  expect(nameOf(part("agt_0001"), "agent")).toBe("Deleted (0001)");
});

it("shows where the agent at the console stands as the server says it of one who is connected", () => {
  // The rows with a connected console of `who_has_a_free_slot_and_who_is_on_shift_is_said_once` in `domain::routing`.
  for (const [state, open, standing] of [
    ["available", 1, "available"],
    ["available", 3, "full"],
    ["available", 4, "full"],
    ["break", 0, "break"],
    ["offline", 2, "offline"],
  ] as const)
    expect(shownState(state, open, 3)).toBe(standing);
});
