import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addKinds, isHidden, isKnown, ownerAfter, ownerBefore, stateAfter, withoutUndone, wordsOf } from "../src/kinds";
import { staffKinds } from "../src/staff-kinds";
import type { Entry } from "../src/types";

addKinds(staffKinds);

const web = join(import.meta.dirname, "../..");
const entry = (kind: string, body: object | null = {}, by: object = { kind: "system" }) =>
  ({ seq: 1, v: 1, at: 0, kind, by, body }) as Entry;
const agent = { kind: "agent", id: "agt_a", name: "Ann" };

describe("the kinds of entries", () => {
  it("have words in each reader's own texts, in both languages", () => {
    const source = ["kinds", "staff-kinds"].map((file) => readFileSync(`${web}/api/src/${file}.ts`, "utf8")).join("\n");
    const files = { "system|line": ["console", "desk"], chat: ["widget", "later"], account: ["hall", "account"] };
    let known = 0;
    for (const [feature, [pack = "", file = ""]] of Object.entries(files)) {
      const keys = [...source.matchAll(new RegExp(`"((?:${feature})\\.\\w+)"`, "g"))].map(([, key]) => key ?? "");
      for (const lang of ["zh-CN", "en"]) {
        const texts = JSON.parse(readFileSync(`${web}/${pack}/locales/${lang}/${file}.json`, "utf8")) as object;
        const asked = pack === "hall" ? keys.map((key) => key.replace("account.", "")) : keys;
        expect(
          asked.filter((key) => !(key in texts)),
          `${pack} ${lang}`,
        ).toEqual([]);
        known += asked.length;
      }
    }
    expect(known).toBeGreaterThan(40);
  });

  it("leave nothing of an end that was taken back", () => {
    const left = (...kinds: [string, object?][]) =>
      withoutUndone(kinds.map(([kind, body], seq) => ({ ...entry(kind, body), seq }))).map(({ seq }) => seq);
    const undo = ["reopened", { episode: 1, undo: true }] as [string, object];
    expect(left(["opened"], ["resolved"], undo, ["message"], ["resolved"])).toEqual([0, 3, 4]);
    expect(left(["resolved"], ["note"], undo, ["resolved"], ["reopened", { episode: 2 }])).toEqual([1, 3, 4]);
    expect(left(undo, ["message"])).toEqual([1]);
  });

  it("say who has the conversation before and after them", () => {
    const transferred = (to_kind: string) => entry("transferred", { to_kind, to_name: "q", from_name: "Ann" });
    expect([ownerBefore(transferred("queue")), ownerAfter(transferred("queue"))]).toEqual(["agent", "queue"]);
    expect(ownerAfter(transferred("agent"))).toBe("agent");
    expect(["bot", "queue", "agent"].map((who) => stateAfter(entry("reopened", { with: who })))).toEqual([
      "bot",
      "queued",
      "active",
    ]);
    expect(ownerBefore(entry("message", {}, agent))).toBe("agent");
    expect(ownerBefore(entry("message", {}, { kind: "customer" }))).toBeUndefined();
    expect(ownerBefore(entry("resolved", { by: "system", outcome: "bot_unanswered" }))).toBe("bot");
    expect(ownerBefore(entry("resolved", null))).toBe("none");
    expect(ownerAfter(entry("closed"))).toBe("none");
    expect(ownerAfter(entry("rated"))).toBeUndefined();
  });

  it("tell each reader what is for them", () => {
    const judged = entry("answer_judged", { of: 1, verdict: "wrong" }, agent);
    expect(wordsOf("desk", judged)).toEqual(["system.judged_wrong", { name: "Ann" }]);
    expect([isHidden("desk", judged), isHidden("chat", judged), isHidden("hall", judged)]).toEqual([false, true, true]);
    const back = entry("handed_back", {}, agent);
    expect(wordsOf("desk", back, "agt_a")?.[0]).toBe("line.you_handed_back");
    expect(wordsOf("desk", back, "agt_b")?.[0]).toBe("line.handed_back");
    expect(wordsOf("chat", back)).toEqual(["chat.back", { name: "Ann" }, "line"]);
    expect(wordsOf("hall", entry("resolved", { by: "customer", outcome: "left_message" }))?.[0]).toBe(
      "account.left_message",
    );
  });

  it("of a newer server are seen, and change nothing", () => {
    const newer = entry("teleported");
    expect([isKnown(newer), isHidden("chat", newer), stateAfter(newer)]).toEqual([false, false, undefined]);
    expect(wordsOf("desk", newer)).toBeUndefined();
  });
});
