import { describe, expect, it } from "vitest";
import { cutAtLinks, endOf } from "../src/links";
import { bytes } from "../src/sizes";

describe("web addresses", () => {
  it("are cut out of the words around them, without the marks that end a sentence", () => {
    expect(cutAtLinks("see https://a.example/x?y=1. Then (http://b.example/z), 再看https://c.example，好")).toEqual([
      "see ",
      "https://a.example/x?y=1",
      ". Then (",
      "http://b.example/z",
      "), 再看",
      "https://c.example",
      "，好",
    ]);
    expect(cutAtLinks("no link")).toEqual(["no link"]);
    expect(cutAtLinks("http:// https://!!! ftp://a")).toEqual(["http:// https://!!! ftp://a"]);
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
