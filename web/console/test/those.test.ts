import type { Entry } from "@yingda/api/types";
import { expect, it } from "vitest";
import { those } from "../src/live/those";
import { talk } from "./on-desk";

it("finds the same entries as a filter, and looks at none of them twice", () => {
  const seen: number[] = [];
  const isThird = (entry: Entry): entry is Entry => {
    seen.push(entry.seq);
    return entry.seq % 3 === 0;
  };
  const found = (entries: readonly Entry[]) => those(entries, isThird).map(({ seq }) => seq);
  const all = talk(1, 12);
  expect(found([])).toEqual([]);
  expect(found(all.slice(3, 7))).toEqual([6]);
  const grown = all.slice(3, 12);
  expect(found(grown)).toEqual([6, 9, 12]);
  expect(seen).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(those(grown, isThird)).toBe(those(grown, isThird));
  // Older entries came before them, or everything was read again.
  expect(found(all)).toEqual([3, 6, 9, 12]);
  expect(found(talk(4, 3))).toEqual([6]);
  expect(found(all.slice(3, 5))).toEqual([]);
});
