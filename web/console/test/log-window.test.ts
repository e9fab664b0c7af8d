import { describe, expect, it } from "vitest";
import { around, atEnd, back, forth, grown, isCut, isDrawn, most, type LogWindow } from "../src/desk/log-window";

const last = 20_000;
const size = ({ from, until }: LogWindow, end = last) => (until ?? end + 1) - from;

describe("the drawn part of a log", () => {
  it("begins with the last fifty entries, or with all there are", () => {
    expect(atEnd(1, last)).toEqual({ from: 19_951, until: null });
    expect(atEnd(1, 20)).toEqual({ from: 1, until: null });
  });

  it("never grows beyond its bound, and reaches each entry on the way to the beginning and back", () => {
    let part = atEnd(1, last);
    const reached = new Set<number>();
    const read = () => {
      expect(size(part)).toBeLessThanOrEqual(most);
      for (let seq = part.from; seq < (part.until ?? last + 1); seq += 1) reached.add(seq);
    };
    for (; part.from > 1; part = back(part, last)) read();
    read();
    expect(reached.size).toBe(last);
    expect(isCut(part, last)).toBe(true);
    reached.clear();
    for (; part.until !== null; part = forth(part, last)) read();
    read();
    expect(reached.size).toBe(last);
    expect(isCut(part, last)).toBe(false);
  });

  it("has most of what was drawn before after each step, so that something stays where it is", () => {
    const part = { from: 1000, until: 1150 };
    for (const next of [back(part, last), forth(part, last)])
      expect(Array.from({ length: most }, (_, n) => 1000 + n).filter((seq) => isDrawn(next, seq))).toHaveLength(100);
  });

  it("stands around a message, at the end if that is near", () => {
    expect(around(500, last)).toEqual({ from: 450, until: 550 });
    expect(around(10, last)).toEqual({ from: 1, until: 60 });
    expect(around(19_990, last)).toEqual({ from: 19_940, until: null });
  });

  it("follows what is added for whoever reads the end, and stays for whoever reads back", () => {
    const part = { from: 1, until: null };
    expect(grown(part, most, true)).toBe(part);
    expect(grown(part, most + 1, true)).toEqual({ from: 52, until: null });
    expect(grown(part, most + 1, false)).toEqual({ from: 1, until: most + 1 });
    expect(grown({ from: 1, until: 151 }, 900, true)).toEqual({ from: 1, until: 151 });
  });
});
