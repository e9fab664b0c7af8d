import { describe, expect, it } from "vitest";
import { presets } from "../src/desk/snooze";
import { localOf, momentOf } from "../src/lib/zone";
import { groupMine } from "../src/live/lists";
import { conversation, noon } from "./samples";

describe("the times to which a conversation is postponed", () => {
  it("are nine o'clock of the company's days, whatever the zone of the browser", () => {
    // A Sunday, 23:30 in Shanghai: tomorrow is the next Monday.
    const sunday = Date.parse("2026-11-29T15:30:00Z");
    const at = Object.fromEntries(presets(sunday, "Asia/Shanghai"));
    expect(at["minutes"]).toBe(sunday + 20 * 60_000);
    expect(at["hour"]).toBe(sunday + 60 * 60_000);
    expect(at["tomorrow"]).toBe(Date.parse("2026-11-30T01:00:00Z"));
    expect(at["monday"]).toBe(Date.parse("2026-11-30T01:00:00Z"));
    // On a Monday, the next one is a week away.
    const monday = Date.parse("2026-11-30T02:00:00Z");
    expect(Object.fromEntries(presets(monday, "Asia/Shanghai"))["monday"]).toBe(Date.parse("2026-12-07T01:00:00Z"));
  });

  it("are read and shown in the same zone, across a change of the clocks", () => {
    for (const local of ["2026-03-29T09:00", "2026-10-25T09:00", "2026-07-01T00:30"])
      expect(localOf(momentOf(local, "Europe/Berlin"), "Europe/Berlin")).toBe(local);
  });
});

it("puts what has come back by its time first among those that wait", () => {
  const groups = groupMine([
    conversation("a", { waiting_since: noon - 900_000 }),
    conversation("b", { paused_at: noon, preview: { by: "agent", text: "x" } }),
    conversation("c", { state: "snoozed", paused_at: noon, due_at: noon + 1 }),
  ]);
  expect(groups.waitingForMe.map(({ id }) => id)).toEqual(["cnv_b", "cnv_a"]);
  expect(groups.later.map(({ id }) => id)).toEqual(["cnv_c"]);
});
