import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinyin } from "pinyin-pro";
import { expect, it } from "vitest";
import { declaredActs } from "../src/palette/acts";
import { also as others } from "../src/palette/also";
import { rank } from "../src/palette/match";
import { web, words } from "./sources";

/** The texts of ours that the palette finds by their sound: the names of areas, pages and actions, and what else they are called. */
function sounding(): string[] {
  const areas = [...words("console", "zh-CN")].filter(([key]) => key.startsWith("areas."));
  const acts = [...words("console", "zh-CN")].filter(([key]) => key.startsWith("palette.act."));
  const also = [...Object.values(others), ...declaredActs.map((one) => one.also)].flatMap((words) => words.split(" "));
  const all = [...areas, ...acts].map(([, text]) => text);
  return [...new Set([...all, ...also])].filter((text) => /\p{Script=Han}/u.test(text)).sort();
}

it("knows how each of them sounds; the table is written by this test, which fails once", () => {
  const path = join(web, "console/src/palette/pinyin.json");
  const sounds = Object.fromEntries(
    sounding().map((text) => [text, pinyin(text, { toneType: "none", nonZh: "consecutive", v: true }).toLowerCase()]),
  );
  const table = `${JSON.stringify(sounds, null, 2)}\n`;
  const before = readFileSync(path, "utf8");
  if (before !== table) writeFileSync(path, table);
  expect(before, "run it again").toBe(table);
});

it("finds by characters, full sound, first letters and a mixture of both", () => {
  for (const by of ["实时", "时数", "shishi", "sssj", "ssshuj", "shi shi"])
    expect(rank(by, "实时数据", ""), by).toBeLessThan(10);
  expect(rank("zx", "人员", "座席 员工")).toBeLessThan(20);
  expect(rank("sj", "实时数据", "")).toBeGreaterThan(rank("ss", "实时数据", ""));
  for (const by of ["xssj", "shishiju", "live"]) expect(rank(by, "实时数据", ""), by).toBe(Number.POSITIVE_INFINITY);
});

it("finds names in letters by the beginnings of their words", () => {
  expect(rank("panel", "Live panel", "")).toBeLessThan(10);
  expect(rank("panel live", "Live panel", "")).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(rank("anel", "Live panel", "")).toBe(Number.POSITIVE_INFINITY);
});
