import { describe, expect, it } from "vitest";
import { faultsOf, fieldNamed } from "../src/canned-replies/fields";
import { bodyFor, fill, insertReply, isInside, matchReplies, opensList, slashAt } from "../src/desk/canned";
import { keepDraft, readDraft } from "../src/desk/drafts";
import { faultOf, largestFile } from "../src/desk/upload";

const reply = (shortcode: string, title: string, zh: string, en = "", sound = "") => ({
  id: `crp_${shortcode}`,
  shortcode,
  title,
  sound,
  body: { zh, en },
  updated_at: 1,
});

describe("slashAt", () => {
  it("opens at the start and after white space", () => {
    expect(slashAt("/gre", 4)).toEqual({ start: 0, end: 4, words: "gre" });
    expect(slashAt("好的 /", 4)).toEqual({ start: 3, end: 4, words: "" });
    expect(slashAt("一行\n/bye", 7)).toEqual({ start: 3, end: 7, words: "bye" });
  });
  it.each([
    ["、", 0, ""],
    ["／", 0, ""],
    ["、gre", 0, "gre"],
    ["／问候", 0, "问候"],
    ["好的 ／wait", 3, "wait"],
    ["好的\n、wait", 3, "wait"],
    ["您好/", 2, ""],
    ["您好/gre", 2, "gre"],
    ["您好／gre", 2, "gre"],
    ["您好，/gre", 3, "gre"],
    ["好的！／", 3, ""],
    ["ありがとう/", 5, ""],
    ["감사/", 2, ""],
    ["好👍🏽/", 5, ""],
    ["☎️/hi", 2, "hi"],
  ])("opens on a Chinese keyboard and after text without spaces: %s", (text, start, words) => {
    expect(slashAt(text, text.length)).toEqual({ start, end: text.length, words });
  });
  it.each([
    "1/2",
    "１／２",
    "km/h",
    "and/or",
    "苹果、",
    "苹果、香蕉",
    "a、",
    "https://a.example/x",
    "您好/a/b",
    "./x",
    "é/o",
  ])("stays closed in %s", (text) => expect(slashAt(text, text.length)).toBeNull());
  it("tells a sign among words from one that begins them", () => {
    const inside = (text: string) => isInside(text, slashAt(text, text.length)!);
    expect(["/gre", "好的 /gre", "您好/gre"].map(inside)).toEqual([false, false, true]);
    expect(["/", "／a", "、", "您好/"].map(opensList)).toEqual([true, true, true, false]);
  });
  it("stays closed inside a word, an address and after the caret", () => {
    expect(slashAt("1/2", 3)).toBeNull();
    expect(slashAt("https://a", 9)).toBeNull();
    expect(slashAt("/greet 您", 8)).toBeNull();
  });
});

describe("matchReplies", () => {
  const all = [
    reply("bye", "结束语", "再见", "Good bye"),
    reply("greet", "问候", "您好"),
    reply("greet-vip", "贵宾问候", "尊敬的客户"),
  ];
  it("ranks an exact shortcode before a beginning before the title", () => {
    expect(matchReplies(all, "greet", "zh-CN").map((one) => one.shortcode)).toEqual(["greet", "greet-vip"]);
    expect(matchReplies(all, "问候", "zh-CN").map((one) => one.shortcode)).toEqual(["greet", "greet-vip"]);
  });
  it("finds titles by their sound: in full, by first letters, and from any syllable", () => {
    const some = [
      reply("return", "七天退货", "七天内可以退", "", "qi tian tui huo"),
      reply("refund", "退费时限", "三天", "", "tui fei shi xian"),
      reply("t-shirt", "T 恤", "有货", "", "t xu"),
    ];
    for (const [typed, found] of [
      ["tuihuo", ["return"]],
      ["qtth", ["return"]],
      ["qitianth", ["return"]],
      ["tfsx", ["refund"]],
      ["tui", ["refund", "return"]],
      ["huotui", []],
      ["x", []],
    ] as const)
      expect(
        matchReplies(some, typed, "zh-CN").map((one) => one.shortcode),
        typed,
      ).toEqual(found);
  });
  it("finds words in the body of the customer’s language and keeps the order without words", () => {
    expect(matchReplies(all, "good", "en").map((one) => one.shortcode)).toEqual(["bye"]);
    expect(matchReplies(all, "", "en")).toEqual(all);
    expect(matchReplies(all, "zzz", "en")).toEqual([]);
  });
  it("understands full-width letters, and inside other text only names", () => {
    expect(matchReplies(all, "ｇｒｅｅｔ", "zh-CN").map((one) => one.shortcode)).toEqual(["greet", "greet-vip"]);
    expect(matchReplies(all, "客户", "zh-CN").map((one) => one.shortcode)).toEqual(["greet-vip"]);
    expect(matchReplies(all, "客户", "zh-CN", true)).toEqual([]);
    expect(matchReplies(all, "问候", "zh-CN", true)).toHaveLength(2);
  });
});

describe("filling", () => {
  const values = { "customer.name": "访客 3F2A", "agent.name": "沈知微", "agent.number": "0317" };
  it("puts in what is known and leaves what is not", () => {
    expect(fill("我是 {{agent.number}} 号{{ agent.name }}，{{order.id}}", values)).toBe(
      "我是 0317 号沈知微，{{order.id}}",
    );
  });
  it("knows no variables but its own", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf", "length", "agent.name.x"])
      expect(fill(`{{${name}}}{{ ${name} }}`, values)).toBe(`{{${name}}}{{ ${name} }}`);
  });
  it("leaves a variable visible when its value is empty", () => {
    expect(fill("{{customer.name}}", { ...values, "customer.name": "" })).toBe("{{customer.name}}");
  });
  it("takes the language of the customer, or the other where it is empty", () => {
    expect(bodyFor(reply("a", "a", "您好", "Hello"), "en")).toEqual({ text: "Hello", lang: "en" });
    expect(bodyFor(reply("a", "a", "您好"), "en")).toEqual({ text: "您好", lang: "zh-CN" });
    expect(bodyFor(reply("a", "a", "", "Hello"), "zh-CN")).toEqual({ text: "Hello", lang: "en" });
  });
  it("replaces the query and puts the caret behind", () => {
    expect(insertReply("好的 /gre 谢谢", { start: 3, end: 7, words: "gre" }, "您好")).toEqual({
      text: "好的 您好 谢谢",
      caret: 5,
    });
  });
});

describe("faultsOf", () => {
  const good = { shortcode: "greet_1", title: "问候", body: { zh: "您好", en: "" } };
  it("accepts one language", () => expect(faultsOf(good)).toEqual({}));
  it("names each fault", () => {
    expect(faultsOf({ shortcode: "Grüße", title: " ", body: { zh: "", en: " " } })).toEqual({
      shortcode: "shortcode_rule",
      title: "title_missing",
      zh: "body_missing",
    });
  });
  it("knows the server’s names", () => {
    expect(["shortcode", "body", "body.en", "id", undefined].map(fieldNamed)).toEqual([
      "shortcode",
      "zh",
      "en",
      null,
      null,
    ]);
  });
});

describe("drafts", () => {
  it("are kept for each conversation and forgotten when empty", () => {
    keepDraft("agt_1", "cnv_a", { reply: "您好", note: "", mode: "reply" });
    expect(readDraft("agt_1", "cnv_a").reply).toBe("您好");
    expect(readDraft("agt_1", "cnv_b").reply).toBe("");
    keepDraft("agt_1", "cnv_a", { reply: "", note: "", mode: "reply" });
    expect(localStorage.length).toBe(0);
  });
  it("survive rubbish in the storage", () => {
    localStorage.setItem("yingda.console.draft.agt_1.cnv_a", '{"reply":7,"mode":"shout"}');
    expect(readDraft("agt_1", "cnv_a")).toEqual({ reply: "", note: "", mode: "reply" });
  });
});

it("refuses files that the server would refuse", () => {
  expect([faultOf({ size: largestFile }), faultOf({ size: largestFile + 1 }), faultOf({ size: 0 })]).toEqual([
    null,
    "too_large",
    "upload_empty",
  ]);
});
