import { describe, expect, it, vi } from "vitest";
import { passwordFault } from "../src/sign-in/password-rule";
import { bytes } from "@yingda/api/sizes";
import { clock, count, dayOf, decimal, hourMinute, percent, signed, span } from "../src/lib/format";
import { money } from "../src/lib/money";
import { say } from "../src/lib/i18n";
import { handleKey, keyName } from "../src/lib/keys";
import { givenName, initial } from "../src/lib/people";
import { initialPrefs, readPrefs } from "../src/lib/prefs";
import { noon } from "./samples";

describe("format", () => {
  it("writes durations as m:ss and h:mm:ss", () => {
    expect([0, 59_999, 96_000, 3_600_000 + 61_000, -5].map(clock)).toEqual([
      "00:00",
      "00:59",
      "01:36",
      "1:01:01",
      "00:00",
    ]);
  });
  it("shows a missing number as a dash, never as zero", () => {
    expect([count(null, "en"), percent(undefined, "en"), count(0, "en"), count(23930, "zh-CN")]).toEqual([
      "–",
      "–",
      "0",
      "23,930",
    ]);
  });
  it("writes money, sizes and spans in the reader’s way", () => {
    expect(money(8640, "CNY", "zh-CN")).toBe("¥86.40");
    expect(money(129_000, "SGD", "en")).toBe("S$1,290.00");
    expect(percent(0.861, "en")).toBe("86.1%");
    expect([2499 / 2500, 0.9994, 1, 0.0004, 0].map((share) => percent(share, "en"))).toEqual([
      ">99.9%",
      "99.9%",
      "100%",
      "<0.1%",
      "0%",
    ]);
    expect([0.996, 0.994, 0.004].map((share) => percent(share, "zh-CN", 0))).toEqual([">99%", "99%", "<1%"]);
    expect(span(190_000, "en")).toBe("3 min");
    expect(bytes(24 * 1024 * 1024)).toBe("24 MB");
  });
  it.each(["en", "zh-CN"] as const)("writes numbers below zero with a minus sign, not a hyphen: %s", (language) => {
    expect([
      count(-1200, language),
      signed(-0.6, language),
      signed(0.6, language),
      percent(-0.25, language),
      decimal(-1, language),
      money(-500, "CNY", language),
    ]).toEqual(["−1,200", "−0.6", "+0.6", "−25%", "−1.0", "−¥5.00"]);
  });
  it("takes day and time from the tenant’s zone", () => {
    expect(dayOf(Date.UTC(2026, 10, 19, 16, 30), "Asia/Shanghai")).toBe("2026-11-20");
    expect(hourMinute(noon, "Asia/Shanghai")).toBe("12:00");
  });
});

describe("the words", () => {
  it("are those of the door until somebody goes in, and then those of one language", async () => {
    vi.resetModules();
    localStorage.setItem("yingda.console.prefs", JSON.stringify({ language: "en" }));
    const { i18next, loadWords, speak } = await import("../src/lib/i18n");
    await loadWords("en", "door");
    expect([i18next.language, i18next.t("signin:submit"), i18next.hasResourceBundle("zh-CN", "signin")]).toEqual([
      "en",
      "Sign in",
      false,
    ]);
    expect([i18next.hasResourceBundle("en", "desk"), i18next.hasResourceBundle("zh-CN", "desk")]).toEqual([
      false,
      false,
    ]);
    await loadWords("en");
    expect([i18next.t("desk:resolve"), i18next.hasResourceBundle("zh-CN", "desk")]).toEqual(["Resolve", false]);
    await speak("zh-CN");
    expect([i18next.t("desk:resolve"), i18next.t("signin:submit")]).toEqual(["解决", "登录"]);
  });

  it("stay in this language, and say why, where the other cannot be loaded", async () => {
    vi.resetModules();
    vi.doMock("../src/words/zh-CN", () => {
      throw new Error("offline");
    });
    localStorage.setItem("yingda.console.prefs", JSON.stringify({ language: "en" }));
    const { i18next, loadWords } = await import("../src/lib/i18n");
    const { choose, prefs } = await import("../src/lib/prefs");
    await Promise.all([loadWords("en", "door"), loadWords("en")]);
    await expect(loadWords("zh-CN")).rejects.toMatchObject({ code: "network" });
    choose({ language: "zh-CN" });
    await vi.waitFor(() => expect([prefs.get().language, i18next.language]).toEqual(["en", "en"]));
    vi.doUnmock("../src/words/zh-CN");
    vi.resetModules();
  });
});

it("says the other language where one is empty", () => {
  expect([say({ zh: "账单", en: "Billing" }, "en"), say({ zh: "账单", en: "" }, "en"), say(null, "en")]).toEqual([
    "Billing",
    "账单",
    "",
  ]);
});

it("finds the letters of an avatar", () => {
  expect(["沈知微", "访客", "Elena Park", ""].map(initial)).toEqual(["微", "客", "E", "?"]);
  expect(["👍🏽 Zoe", "🇨🇳", "e\u0301lan", "王葛\u{e0100}", "👨‍👩‍👧 Lee"].map(initial)).toEqual([
    "👍🏽",
    "🇨🇳",
    "E\u0301",
    "葛\u{e0100}",
    "👨‍👩‍👧",
  ]);
});

it("knows a name that was given from a label", () => {
  const account = { id: "cus_1", verified: null, masked: null };
  const id = "vst_00008408";
  expect(
    [
      { id, name: "访客 8408" },
      { id, name: "Visitor 8408" },
      { id, name: "访客 8408", account },
      { id, name: "138****8002", account: { ...account, masked: "138****8002" } },
      { id, name: "a***@b.example", account: { ...account, masked: "a***@b.example" } },
      { id, name: "Elena", account },
      { id, name: "Elena", account: { ...account, masked: "a***@b.example" } },
    ].map(givenName),
  ).toEqual([null, null, null, null, null, "Elena", "Elena"]);
});

describe("prefs", () => {
  const fallback = initialPrefs(["fr-FR", "en-GB", "zh-CN"]);
  it("starts in the first language we have", () => {
    expect(fallback.language).toBe("en");
    expect(initialPrefs(["de"]).language).toBe("zh-CN");
  });
  it("takes only what has the right form", () => {
    expect(readPrefs('{"theme":"dark","scale":170,"volume":9,"sound":"yes"}', fallback)).toEqual({
      ...fallback,
      theme: "dark",
    });
    expect(readPrefs("not json", fallback)).toBe(fallback);
  });
});

describe("keys", () => {
  const event = (change: Partial<KeyboardEvent>) =>
    ({
      altKey: false,
      ctrlKey: false,
      metaKey: false,
      shiftKey: false,
      code: "",
      key: "",
      isComposing: false,
      keyCode: 0,
      defaultPrevented: false,
      target: document.body,
      preventDefault: vi.fn(),
      ...change,
    }) as unknown as KeyboardEvent;
  it("are matched on the physical key with Alt", () => {
    expect(keyName(event({ altKey: true, code: "KeyR", key: "®" }))).toBe("Alt+KeyR");
    expect(keyName(event({ key: "F6", shiftKey: true }))).toBe("Shift+F6");
    expect(keyName(event({ ctrlKey: true, key: "k" }))).toBe("Mod+k");
    expect(keyName(event({ metaKey: true, code: "KeyK", key: "л" }))).toBe("Mod+k");
    expect(keyName(event({ ctrlKey: true, shiftKey: true, key: "K" }))).toBe("");
  });
  it("do nothing while a word is being composed", () => {
    const act = vi.fn();
    expect(handleKey(event({ key: "t", isComposing: true }), { t: act }, true)).toBe(false);
    expect(act).not.toHaveBeenCalled();
  });
  it("are the same on a Chinese keyboard", () => {
    const act = vi.fn();
    for (const [typed, key] of [
      ["？", "?"],
      ["、", "/"],
      ["／", "/"],
      ["【", "["],
      ["ｊ", "j"],
    ] as const) {
      expect(handleKey(event({ key: typed }), { [key]: act }, true)).toBe(true);
      expect(handleKey(event({ key: typed, target: document.createElement("input") }), { [key]: act }, true)).toBe(
        false,
      );
      expect(handleKey(event({ key, keyCode: 229 }), { [key]: act }, true)).toBe(false);
    }
    expect(act).toHaveBeenCalledTimes(5);
  });
  it("leave letters to text fields and can be switched off", () => {
    const act = vi.fn();
    const field = document.createElement("textarea");
    handleKey(event({ key: "t", target: field }), { t: act }, true);
    handleKey(event({ key: "t" }), { t: act }, false);
    expect(act).not.toHaveBeenCalled();
    handleKey(event({ key: "t" }), { t: act }, true);
    handleKey(event({ altKey: true, code: "KeyM", target: field }), { "Alt+KeyM": act }, false);
    expect(act).toHaveBeenCalledTimes(2);
  });
});

it("measures passwords as the server does", () => {
  expect(["123456789", "1234567890", "有问就有应答的十个字", "长".repeat(86)].map(passwordFault)).toEqual([
    "password_too_short",
    null,
    null,
    "password_too_long",
  ]);
});
