import { emptyConversation } from "@yingda/api/conversation";
import type { Entry } from "@yingda/api/types";
import { describe, expect, it } from "vitest";
import { stretches } from "../src/view/lines";

const log = (state: string, ...kinds: (string | [string, object])[]) => ({
  ...emptyConversation("cnv_a"),
  state: state as "bot",
  entries: kinds.map((k, i) => {
    const [kind, body] = typeof k === "string" ? [k, {}] : k;
    const [name, by] = kind.split("/");
    return { seq: i + 1, kind: name, v: 1, at: i, by: { kind: by ?? "system" }, body } as Entry;
  }),
});
const line = (...a: Parameters<typeof log>) =>
  stretches(log(...a)).map((s) => `${s.owner}${s.end ? `:${s.end}` : ""} ${s.entries.length}`);

describe("the answer line", () => {
  it("is the bot's before anything was said", () => {
    expect(line("bot")).toEqual(["bot 0"]);
  });

  it("changes with each owner, and ends with a tick", () => {
    expect(
      line(
        "resolved",
        "opened",
        "message/customer",
        "message/bot",
        "human_requested",
        "queued",
        "assigned",
        "message/agent",
        "resolved",
        "rated",
      ),
    ).toEqual(["bot 4", "queue 1", "agent:done 3", "none 1"]);
  });

  it("starts a new stretch for a colleague, and for a new episode", () => {
    expect(
      line(
        "active",
        "opened",
        "queued",
        "assigned",
        ["transferred", { to_kind: "agent" }],
        "assigned",
        "resolved",
        ["reopened", { with: "agent" }],
        "message/agent",
      ),
    ).toEqual(["bot 1", "queue 1", "agent 2", "agent:done 2", "none 0", "agent 2"]);
  });

  it("ends open where the customer gave up waiting", () => {
    expect(line("resolved", "opened", "queued", ["resolved", { outcome: "abandoned_in_queue" }])).toEqual([
      "bot 1",
      "queue:cut 2",
      "none 0",
    ]);
  });

  it("guesses rightly in a log that begins in the middle", () => {
    expect(line("active", "message/agent", "message/customer")).toEqual(["agent 2"]);
    expect(line("active", "message/customer", "assigned")).toEqual(["queue 1", "agent 1"]);
    expect(line("queued", "message/customer")).toEqual(["queue 1"]);
    expect(line("bot", "message/customer", "message/bot")).toEqual(["bot 2"]);
  });
});
