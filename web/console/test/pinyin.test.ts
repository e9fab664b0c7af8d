import { expect, it } from "vitest";
import { declaredActs } from "../src/palette/acts";
import others from "../src/made/also.json";
import sounds from "../src/made/pinyin.json";
import { rank } from "../src/palette/match";
import { words } from "./sources";

/** The texts of ours that the palette finds by their sound: the names of areas, pages and actions, and what else they are called. */
function sounding(): string[] {
  const areas = [...words("console", "zh-CN")].filter(([key]) => key.startsWith("areas."));
  const acts = [...words("console", "zh-CN")].filter(([key]) => key.startsWith("palette.act."));
  const also = [...Object.values(others), ...declaredActs.map((one) => one.also)].flatMap((words) => words.split(" "));
  const all = [...areas, ...acts].map(([, text]) => text);
  return [...new Set([...all, ...also])].filter((text) => /\p{Script=Han}/u.test(text)).sort();
}

it("knows how each of them sounds", () => {
  expect(sounding().filter((text) => !(text in sounds))).toEqual([]);
  expect(sounds["工作台"]).toBe("gong zuo tai");
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
