import { describe, expect, it } from "vitest";
import { cutAtLinks, endOf } from "../src/links";
import { bytes } from "../src/sizes";
import { linked } from "./links.table";

describe("web addresses", () => {
  it.each(linked)("are found in %j", (text, ...links) => {
    const parts = cutAtLinks(text);
    expect(parts.filter((_, at) => at % 2 === 1)).toEqual(links);
    expect(parts.join("")).toBe(text);
    expect(parts.length % 2).toBe(1);
  });

  it("are ended in as many looks as there are characters, whatever stands at the end", () => {
    for (const url of [
      `http://${"!".repeat(32_000)}`,
      `http://${"!".repeat(32_000)}a`,
      `http://a${")".repeat(32_000)}`,
    ]) {
      let looks = 0;
      endOf({ length: url.length, charAt: (at) => (looks++, url.charAt(at)) });
      expect(looks).toBeLessThanOrEqual(url.length);
    }
    expect(cutAtLinks(`http://${"!".repeat(32_000)}`)).toHaveLength(1);
  });

  it("are found in a moment, whatever the longest message consists of", () => {
    const long = 32 * 1024;
    for (const piece of [
      "https://a(",
      "https://a(()",
      "https://a(b)",
      "https://a[",
      "https://a(x,https://b(",
      "https://[",
      "https://例",
      "https://例.",
      "https://a)",
      "https://a.b(c(d",
      "(",
      "()",
      "a",
      "例",
      ",",
      "https://",
    ])
      for (const text of [
        piece.repeat(long / piece.length),
        `https://a${piece.repeat(long / piece.length)}`,
        `https://a(${piece.repeat(long / piece.length)}`,
      ]) {
        const began = performance.now();
        cutAtLinks(text);
        expect(performance.now() - began, text.slice(0, 30)).toBeLessThan(1000);
      }
  });
});

describe("the size of a file", () => {
  it("is said the same to customers and to agents", () => {
    expect([1, 1024, 1025, 24_300, 1_048_576, 20_971_520].map((n) => bytes(n))).toEqual([
      "1 KB",
      "1 KB",
      "2 KB",
      "24 KB",
      "1 MB",
      "20 MB",
    ]);
    expect(bytes(2_340_000)).toBe("2.2 MB");
  });
});
