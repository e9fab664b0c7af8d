// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BEST_SCORE } from "@yingda/api/rating";
import { describe, expect, it } from "vitest";
import { withTokens } from "../build/tokens";
import { further, numbered, sentences, tableOf } from "../build/words";

const root = new URL("..", import.meta.url).pathname;
const sources = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((f) =>
    f.isDirectory() ? sources(join(dir, f.name)) : [readFileSync(join(dir, f.name), "utf8")],
  );
const whole = (lang: string) => ({ ...tableOf(lang, "widget"), ...tableOf(lang, "later") });
const zh = whole("zh-CN");
const en = whole("en");

describe("the locales", () => {
  it("have the same keys, in the same order, and no empty sentence", () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    expect(Object.values({ ...zh, ...en }).filter((s) => !s.trim())).toEqual([]);
  });

  it("hold each sentence once, and none of the later ones is said by what comes first", () => {
    expect(Object.keys(zh)).toHaveLength(
      Object.keys(tableOf("zh-CN", "widget")).length + Object.keys(tableOf("zh-CN", "later")).length,
    );
    expect(Object.keys(tableOf("en", "widget"))).toEqual(Object.keys(tableOf("zh-CN", "widget")));
    const parts = ["src/connection.ts", "src/view/lazy.ts"].flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(/import\("[./\w]*\/([\w-]+)"\)/g)].map((m) => `${m[1]}.tsx`),
    );
    // `times` and `linked` say nothing
    expect(parts).toHaveLength(11);
    // it comes with `recommend`
    parts.push("consent.tsx");
    // and this with `leftMessage`
    parts.push("about.tsx");
    // with `judge`, `suggest` and `people`
    parts.push("rating.tsx", "emoji.tsx", "own-words.tsx");
    const files = (dir: string): string[] =>
      readdirSync(dir, { withFileTypes: true }).flatMap((f) =>
        f.isDirectory() ? files(join(dir, f.name)) : [join(dir, f.name)],
      );
    const first = files(join(root, "src")).filter(
      (f) => !f.includes("/loader/") && !parts.some((p) => f.endsWith(`/view/${p}`)),
    );
    // said only once that part is here, or beside a line that fetches it
    const guarded = [
      "code.file_large",
      "code.file_stopped",
      "code.too_many_left",
      "code.upload_empty",
      "code.upload_refused",
      "code.visitor_blocked",
      "elder.robot",
      "elder.human",
      "elder.write",
      "elder.note",
      "left.waits",
      "queue.place",
      "rate.words",
      "tick.queued",
    ];
    const code = first.map((f) => readFileSync(f, "utf8")).join("\n");
    expect(
      Object.keys(tableOf("zh-CN", "later")).filter((key) => code.includes(`"${key}"`) && !guarded.includes(key)),
    ).toEqual([]);
  });

  it("fill in the same values", () => {
    const holes = (s = "") => [...new Set(s.match(/\{\w+\}/g))].sort();
    for (const key of Object.keys(zh)) expect([key, holes(en[key])]).toEqual([key, holes(zh[key])]);
  });

  it("have a word for each score", () => {
    for (const words of [zh, en]) expect(words["rate.words"]?.split("/")).toHaveLength(BEST_SCORE);
  });

  it("hold no sentence that is never said", () => {
    const pages = ["hosted.html", "../api/src/kinds.ts"].map((file) => readFileSync(join(root, file), "utf8"));
    const code = [...sources(join(root, "src")), ...pages].join("\n");
    expect(Object.keys(zh).filter((key) => !code.includes(`"${key}"`) && !code.includes(`:${key}%`))).toEqual([]);
  });

  it("become a list, and keys their places in it", () => {
    const keys = ["chat.human", "rate.1"];
    expect(numbered('t("rate.1") + t(x ? "chat.human" : y) + "a.b"', keys)).toBe('t(1) + t(x ? 0 : y) + "a.b"');
    expect(further({ "rate.1": "Bad" }, ["rate.1"], 7)).toBe('{"7":"Bad"}');
    expect(sentences({ "rate.1": "Bad", "chat.human": "Talk" }, keys)).toBe('["Talk","Bad"]');
  });
});

describe("the pages and components", () => {
  it("hold no bare words", () => {
    const bare = sources(join(root, "src/view")).flatMap((code) =>
      [...code.matchAll(/>\s*([A-Za-z\u4e00-\u9fff][^<>{}=;()]*)\s*</g)].map((m) => m[1]),
    );
    expect(bare).toEqual([]);
  });
});

describe("the design tokens", () => {
  const tokens = ':root{--y-a:#fff;--y-b:var(--y-a);--y-c:1rem;--y-unused:red}\n:root[data-theme="dark"]{--y-a:#000}';
  it("come in only where used; what never changes is written in place", () => {
    const css = withTokens(tokens, "@tokens; p{color:var(--y-b);margin:var(--y-c)}");
    expect(css).not.toMatch(/unused|--y-/);
    expect(css).toContain("margin:1rem");
    expect(css).toMatch(/:root\[data-theme="dark"\]\{--0_:#000\}/);
    expect(css).toMatch(/p\{color:var\(--0_\)/);
  });

  it("go by the same names in the sheets that come later", () => {
    const first = "@tokens; p{color:var(--y-b)}";
    const later = "i{color:var(--y-d)}";
    const more = tokens.replace("--y-unused", "--y-d:#123;--y-unused") + '\n:root[data-theme="dark"]{--y-d:#321}';
    const name = /--\w+_(?=:#123)/.exec(withTokens(more, first, later))?.[0];
    expect(withTokens(more, later, first + later)).toBe(`i{color:var(${name ?? ""})}`);
  });
});
