import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import { loadWords } from "../src/lib/i18n";
import { nameOf, titleOf, type Asked } from "../src/lib/people";
import { noon, visitor } from "./samples";

beforeAll(async () => {
  await Promise.all((["en", "zh-CN"] as const).flatMap((one) => [loadWords(one, "door"), loadWords(one)]));
});

const reader = (language: "en" | "zh-CN") => ({
  t: i18next.getFixedT(language, "shell"),
  language,
  zone: "Asia/Shanghai",
});
/** Without the marks of direction around what people wrote. */
const bare = (text: string) => text.replace(/[\u2066-\u2069]/g, "");
const called = (one: Asked) => (["en", "zh-CN"] as const).map((language) => bare(titleOf(one, reader(language))));

const cloud = { name: { zh: "云享59", en: "Cloud 59" } };
const account = { id: "cus_1", verified: null, masked: null };
const nameless = visitor("8408");

describe("a customer in a list", () => {
  it("is called by their name, whatever else is known", () => {
    const elena = { ...nameless, name: "Elena", account };
    expect(called({ customer: elena, subject: "网断了", product: cloud })).toEqual(["Elena", "Elena"]);
  });

  it("is called by what they look at and asked first, where they gave no name", () => {
    const asked = { customer: nameless, subject: " 网断了 ", created_at: noon };
    expect(called(asked)).toEqual(["网断了", "网断了"]);
    expect(called({ ...asked, product: cloud })).toEqual(["Cloud 59 · 网断了", "云享59 · 网断了"]);
  });

  it("is called by where they are or when they came, as long as they have said nothing", () => {
    const silent = { customer: nameless, subject: null, created_at: noon };
    expect(called({ ...silent, product: cloud })).toEqual(["Visitor on Cloud 59", "访客，在看云享59"]);
    expect(called(silent)).toEqual(["Visitor since 12:00", "访客，12:00 来的"]);
    expect(called({ customer: nameless })).toEqual(["Visitor", "访客"]);
  });

  it("is called by the beginning of a long question, cut between characters", () => {
    const [title = ""] = called({ customer: nameless, subject: "👨‍👩‍👧".repeat(60) });
    expect(title).toBe(`${"👨‍👩‍👧".repeat(40)}…`);
  });

  it("is never called by a part of an id, whoever wrote the placeholder", () => {
    for (const name of ["访客 8408", "Visitor 8408"])
      for (const customer of [
        { ...nameless, name },
        { ...nameless, name, account },
      ]) {
        expect(nameOf(customer, reader("en").t)).toBe("Visitor");
        for (const title of called({ customer, subject: null, created_at: noon })) expect(title).not.toContain("8408");
      }
  });
});
