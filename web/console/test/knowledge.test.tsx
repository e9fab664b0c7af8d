import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { faults } from "../../ui/antd/test/axe";
import { differences } from "../src/knowledge/diff";
import { withPhrasings } from "../src/knowledge/texts";
import { open, Refusal, server, signedIn, type Asked } from "./render";
import { manager } from "./samples";

const texts = {
  category: "plans",
  question: { zh: "怎么更换套餐？", en: "How do I change my plan?" },
  similar: { zh: ["换个套餐"], en: ["switch plan"] },
  answer: { zh: "在营业厅换。", en: "In the hall." },
  related: [],
  action: null,
};
const entry = {
  id: "kb-002",
  draft: texts,
  live: texts,
  state: "same",
  changed: [],
  missing: null,
  updated_at: 100,
  updated_by: null,
};
const item = {
  id: "kb-002",
  category: "plans",
  question: texts.question,
  phrasings: 2,
  weak: true,
  answered: { zh: true, en: true },
  state: "same",
  updated_at: 100,
};
const score = { right: 50, dont_know: 6, wrong: 4 };
const run = {
  id: "knr_1",
  revision: 5,
  version: 1,
  state: "done",
  done: 60,
  total: 60,
  result: { live: score, draft: score, cases: [] },
  may_publish: true,
  created_at: 1,
  took_ms: 900,
};
const overview = {
  revision: 5,
  version: 1,
  next: 2,
  entries: 1,
  changes: 1,
  incomplete: [],
  tests: 60,
  lost_tests: 0,
  unanswered: 2,
  run,
};
const group = {
  question: "月球上有信号吗",
  lang: "zh-CN",
  count: 2,
  last_at: 1000,
  examples: ["月球上有信号吗", "月球有没有信号"],
  phrasings: ["月球上有信号吗", "月球有没有信号"],
  asked: [
    { conversation: "cnv_1", seq: 2 },
    { conversation: "cnv_2", seq: 4 },
  ],
  places: [
    { at: 1000, text: "月球上有信号吗" },
    { at: 900, text: "月球有没有信号" },
  ],
  near: null,
  reasons: [{ reason: "unanswered", count: 2 }],
  pressed: 0,
  poor: null,
  answer: null,
};
const suspect = {
  text: "套餐怎么换成便宜的",
  lang: "zh-CN",
  entry: "kb-001",
  name: { zh: "怎么查话费？", en: "How do I see my bill?" },
  likely: "kb-002",
  likely_name: texts.question,
};
const progress = {
  id: "knr_2",
  revision: 5,
  version: 1,
  state: "done",
  done: 40,
  total: 40,
  created_at: 1,
  took_ms: 10,
};
const doubted = (...items: object[]) => ({ run: progress, fresh: true, searched: 40, items });

const answers = (more: Record<string, unknown> = {}) =>
  server({
    ...signedIn(manager),
    "GET /knowledge": overview,
    "GET /knowledge/entries": { items: [item] },
    "GET /knowledge/entries/kb-002": entry,
    "GET /knowledge/categories": {
      items: [{ key: "plans", name: { zh: "套餐", en: "Plans" }, entries: 1, updated_at: 1 }],
    },
    "GET /knowledge/versions": { items: [] },
    "GET /knowledge/tests": { items: [] },
    "GET /knowledge/unanswered": { items: [group], next: null, groups: 1, total: 2 },
    "GET /knowledge/unanswered/count": { groups: 1, total: 2 },
    "GET /knowledge/suspects": doubted(suspect),
    "GET /knowledge/yesterday": { run: null, result: null, fresh: false },
    "GET /knowledge/similar": { items: [], sure: 0.38 },
    "GET /knowledge/changes": { items: [] },
    ...more,
  });
const patched = (all: ReturnType<typeof answers>) =>
  all.asked.filter((one) => one.method === "PATCH").map((one) => one.body as { seen: number; answer: { en: string } });

describe("the answers", () => {
  it("lists questions by category and is accessible", async () => {
    answers();
    open("/bot/answers");
    expect(await screen.findByRole("button", { name: /How do I change my plan/ })).toBeTruthy();
    expect(screen.getByText("only 2 phrasings")).toBeTruthy();
    expect(await screen.findByText(/1 change not live/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("says what to do first while there is nothing", async () => {
    answers({ "GET /knowledge/entries": { items: [] } });
    open("/bot/answers");
    expect(await screen.findByText(/No questions yet/)).toBeTruthy();
  });

  it("begins with the import if its address says so, and forgets that once it is closed", async () => {
    answers();
    const { router } = open("/bot/answers?open=import");
    const dialog = await screen.findByRole("dialog", { name: "Import a file" });
    fireEvent.click(within(dialog).getByRole("button", { name: "Close" }));
    await waitFor(() => expect(router.state.location.search).toEqual({}));
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("does not say that a question goes offline if it was never live", async () => {
    const written = { ...entry, live: null, state: "new" };
    answers({
      "GET /knowledge/entries/kb-002": written,
      "DELETE /knowledge/entries/kb-002": { ...written, state: null },
    });
    open("/answers?entry=kb-002");
    fireEvent.click(await screen.findByRole("button", { name: "Remove it" }));
    expect(await screen.findByText("Removed “How do I change my plan?”")).toBeTruthy();
  });

  it("says so as well where such a question is opened again", async () => {
    answers({ "GET /knowledge/entries/kb-002": { ...entry, live: null, state: null } });
    open("/answers?entry=kb-002");
    expect(await screen.findByText("Removed before it went live; customers have never seen it.")).toBeTruthy();
  });

  it("adds no phrasing with the Enter that only confirms an input method", async () => {
    answers();
    open("/bot/answers?entry=kb-002");
    const box = await screen.findByRole("textbox", { name: "New phrasing; press Enter to add it" });
    fireEvent.change(box, { target: { value: "liuliang" } });
    for (const composing of [{ keyCode: 229 }, { isComposing: true }, { keyCode: 229, isComposing: true }])
      expect(fireEvent.keyDown(box, { key: "Enter", ...composing })).toBe(true);
    expect((box as HTMLTextAreaElement).value).toBe("liuliang");
    expect(screen.queryByDisplayValue("liuliang")).toBe(box);
    fireEvent.keyDown(box, { key: "Enter" });
    expect((box as HTMLTextAreaElement).value).toBe("");
    expect(screen.getByDisplayValue("liuliang")).toBeTruthy();
  });

  it("saves what is written by itself, on the version that was read", async () => {
    const all = answers({
      "PATCH /knowledge/entries/kb-002": ({ body }: Asked) => ({
        ...entry,
        draft: { ...texts, ...(body as object) },
        state: "changed",
        changed: ["answer"],
        updated_at: 200,
        updated_by: "Jiang",
      }),
    });
    open("/bot/answers?entry=kb-002");
    fireEvent.change(await screen.findByLabelText("Answer (English)"), { target: { value: "On the website." } });
    expect(screen.getByText("Unsaved, saving soon")).toBeTruthy();
    await waitFor(
      () => expect(patched(all).map((one) => [one.seen, one.answer.en])).toEqual([[100, "On the website."]]),
      { timeout: 3000 },
    );
    expect(await screen.findByText(/Saved by Jiang/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it.each([
    ["knowledge_entry_heavy", "similar", /“How do I pay\?” has too many different words in its phrasings/],
    ["knowledge_heavy", "entries.kb-009", /All questions together are too much .* “How do I pay\?” first/],
  ])("names the question that is too much to learn: %s", async (code, field, text) => {
    const refusal = new Refusal(422, code, field);
    refusal.names = [{ zh: "怎么付款？", en: "How do I pay?" }];
    answers({ "PATCH /knowledge/entries/kb-002": refusal });
    open("/bot/answers?entry=kb-002");
    fireEvent.change(await screen.findByLabelText("Answer (English)"), { target: { value: "On the website." } });
    expect((await screen.findAllByText(text, {}, { timeout: 3000 })).length).toBeGreaterThan(0);
  });

  it("shows both texts when somebody else was faster, and keeps mine on request", async () => {
    const theirs = {
      ...entry,
      draft: { ...texts, answer: { zh: "在营业厅换。", en: "At a store." } },
      updated_at: 300,
      updated_by: "Jiang",
    };
    const all = answers({
      "PATCH /knowledge/entries/kb-002": ({ body }: Asked) =>
        (body as { seen: number }).seen === 300
          ? { ...theirs, draft: { ...texts, ...(body as object) }, updated_at: 400 }
          : new Refusal(409, "conflict"),
    });
    open("/bot/answers?entry=kb-002");
    fireEvent.change(await screen.findByLabelText("Answer (English)"), { target: { value: "Mine." } });
    all.answers["GET /knowledge/entries/kb-002"] = theirs;
    const alert = await screen.findByText(/Jiang has just changed this one/, {}, { timeout: 3000 });
    expect((screen.getByLabelText("Answer (English)") as HTMLTextAreaElement).value).toBe("Mine.");
    fireEvent.click(within(alert.parentElement!).getByRole("button", { name: "Use mine" }));
    await waitFor(() => expect(patched(all).map((one) => one.seen)).toEqual([100, 300]));
  });

  it("asks which text stays only once its own is answered, and then keeps it", async () => {
    const theirs = {
      ...entry,
      draft: { ...texts, answer: { zh: "在营业厅换。", en: "At a store." } },
      updated_at: 300,
      updated_by: "Jiang",
    };
    let refuse: (() => void) | null = null;
    const all = answers({
      "PATCH /knowledge/entries/kb-002": ({ body }: Asked) =>
        (body as { seen: number }).seen === 300
          ? { ...theirs, draft: { ...texts, ...(body as object) }, updated_at: 400, updated_by: "Ada" }
          : new Promise((resolve) => {
              refuse = () => resolve(new Refusal(409, "conflict"));
            }),
    });
    const { queryClient } = open("/bot/answers?entry=kb-002");
    fireEvent.change(await screen.findByLabelText("Answer (English)"), { target: { value: "Mine." } });
    await waitFor(() => expect(refuse).not.toBeNull(), { timeout: 3000 });
    // The news of their change arrives before the answer to mine.
    all.answers["GET /knowledge/entries/kb-002"] = theirs;
    await act(async () => {
      queryClient.setQueryData(["knowledge", "entry", "kb-002"], theirs);
      // Subscribers are notified in a separate task.
      await new Promise((resolve) => setTimeout(resolve, 0));
    });
    expect(screen.queryByText(/has just changed this one/)).toBeNull();
    refuse!();
    const alert = await screen.findByText(/Jiang has just changed this one/);
    fireEvent.click(within(alert.parentElement!).getByRole("button", { name: "Use mine" }));
    expect(await screen.findByText(/Saved by Ada/)).toBeTruthy();
    expect(patched(all).map((one) => one.seen)).toEqual([100, 300]);
    expect(screen.queryByText(/has just changed this one/)).toBeNull();
  });

  it("warns only of an entry that the bot answers with instead, and names it in the language of the page", async () => {
    const other = {
      id: "kb-009",
      question: "最便宜的套餐？",
      name: { zh: "最便宜的套餐？", en: "What is your cheapest plan?" },
      score: 0.81,
      nearest: "",
      shared: [],
      synonyms: [],
    };
    let by = "kb-009";
    answers({ "GET /knowledge/similar": () => ({ items: [other], sure: 0.38, answers: by }) });
    open("/bot/answers?entry=kb-002");
    const warned = await screen.findByText(
      "Close to “What is your cheapest plan?” (0.81): the bot answers with that one.",
    );
    expect(warned.className).toContain("warn");
    by = "kb-002";
    fireEvent.change(screen.getByLabelText("Question (Chinese)"), { target: { value: "怎么换套餐" } });
    const told = await screen.findByText("Similar to “What is your cheapest plan?” (0.81).");
    expect(told.className).not.toContain("warn");
  });

  it("tries a sentence and says which rule decided", async () => {
    const candidate = {
      id: "kb-002",
      question: "How do I change my plan?",
      score: 0.91,
      nearest: "switch plan",
      shared: ["plan"],
      synonyms: ["tariff"],
    };
    answers({
      "GET /knowledge/try": {
        outcome: "confident",
        rule: "sure",
        text: "In the hall.",
        lang: "en",
        source: "kb-002",
        candidates: [candidate],
        sure: 0.38,
        covered: 0.92,
        surely_covered: 0.6,
        likely: 0.31,
        took_ms: 2,
      },
    });
    open("/bot/answers?entry=kb-002");
    fireEvent.change(await screen.findByLabelText("Ask as a customer would"), {
      target: { value: "I want another plan" },
    });
    expect(await screen.findByText("Best match 0.91 (limit 0.38), covered 0.92 (limit 0.60).")).toBeTruthy();
    expect(screen.getByText("synonym tariff")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it.each([
    [
      "likely",
      { score: 0.1, covered: 0.45 },
      "0.20 short of answering directly.",
      /^Best match 0\.10 \(to answer: 0\.30/,
    ],
    ["likely", { score: 0.4, covered: 0.45 }, "0.09 short of answering directly.", /to ask back: 0\.31\)\.$/],
    ["likely", { score: 0.3, covered: 0.54 }, "0.01 short of answering directly.", /^Best match/],
    [
      "unknown",
      { score: 0.1, covered: 0.2 },
      "0.11 short of asking which one is meant; it offers a person.",
      /^Covered/,
    ],
    ["sure", { score: 0.9, covered: 0.9 }, "Sure enough to answer directly.", /^Best match/],
    ["close", { score: 0.9, covered: 0.9 }, "The second match is too close to the best.", /^Best match 0\.90/],
    ["small_talk", { score: 0, covered: 0 }, "It is a greeting or thanks.", null],
  ] as const)(
    "says in plain words what follows from the numbers, then the numbers: %s %j",
    async (rule, at, first, numbers) => {
      const candidate = { id: "kb-002", question: "Plan", score: at.score, nearest: "plan", shared: [], synonyms: [] };
      answers({
        "GET /knowledge/try": {
          outcome: "did_you_mean",
          rule,
          text: "",
          lang: "en",
          source: null,
          candidates: [candidate],
          sure: 0.3,
          covered: at.covered,
          surely_covered: 0.54,
          likely: 0.31,
          took_ms: 2,
        },
      });
      open("/bot/answers?entry=kb-002");
      fireEvent.change(await screen.findByLabelText("Ask as a customer would"), { target: { value: "a plan" } });
      const said = await screen.findByText(first);
      const below = said.nextElementSibling?.textContent ?? null;
      if (numbers) expect(below).toMatch(numbers);
      else expect(below).toBeNull();
    },
  );

  it("asks for a reason when right answers would fall", async () => {
    const worse = {
      ...overview,
      run: {
        ...run,
        may_publish: false,
        result: { live: score, draft: { right: 40, dont_know: 10, wrong: 10 }, cases: [] },
      },
    };
    const all = answers({ "GET /knowledge": worse, "POST /knowledge/publish": { version: 2 } });
    open("/bot/answers");
    fireEvent.click(await screen.findByRole("button", { name: "Publish v2" }));
    fireEvent.click(await screen.findByRole("button", { name: "Publish anyway" }));
    expect(await screen.findByText("Enter a reason")).toBeTruthy();
    const reason = screen.getByLabelText("Why publish anyway");
    expect([reason.getAttribute("aria-invalid"), reason.getAttribute("aria-required")]).toEqual(["true", "true"]);
    expect(document.activeElement).toBe(reason);
    expect(await faults(document.body)).toEqual([]);
    fireEvent.change(screen.getByLabelText("Why publish anyway"), { target: { value: "Sold out" } });
    fireEvent.click(screen.getByRole("button", { name: "Publish anyway" }));
    await waitFor(() =>
      expect(all.asked.find((one) => one.path === "/knowledge/publish")?.body).toEqual({
        revision: 5,
        note: "",
        reason: "Sold out",
      }),
    );
    expect(await screen.findByText("v2 is live")).toBeTruthy();
  });

  it("makes a question of what went unanswered, and settles it", async () => {
    const all = answers({
      "POST /knowledge/entries": { ...entry, id: "kne_1", live: null, state: "new" },
      "GET /knowledge/entries/kne_1": { ...entry, id: "kne_1", live: null, state: "new" },
      "POST /knowledge/unanswered/settle": { changed: 2 },
    });
    open("/bot/answers?view=proposed");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.keyDown(await screen.findByRole("listitem", { name: "月球上有信号吗" }), { key: "a" });
    const dialog = await screen.findByRole("dialog", { name: "New question" });
    expect((within(dialog).getByLabelText("Question") as HTMLInputElement).value).toBe("月球上有信号吗");
    fireEvent.change(within(dialog).getByLabelText("Category"), { target: { value: "plans" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Write the answer" }));
    await waitFor(() =>
      expect(all.asked.find((one) => one.path === "/knowledge/unanswered/settle")?.body).toEqual({
        asked: group.asked,
        settled: "answered",
        entry: "kne_1",
      }),
    );
    expect(all.asked.find((one) => one.path === "/knowledge/entries" && one.method === "POST")?.body).toEqual({
      category: "plans",
      question: { zh: "月球上有信号吗", en: "" },
      similar: { zh: ["月球有没有信号"], en: [] },
    });
  });

  it("counts questions that ask the same as one, and shows when and in which words each was asked", async () => {
    answers();
    open("/bot/answers?view=proposed");
    const card = await screen.findByRole("listitem", { name: "月球上有信号吗" });
    expect((await screen.findByRole("button", { name: /^To learn/ })).textContent).toBe("To learn1");
    fireEvent.click(within(card).getByRole("button", { name: "see all: “月球上有信号吗”" }));
    expect(
      within(card)
        .getAllByRole("link")
        .map((link) => link.getAttribute("href")),
    ).toEqual(["/console/inbox/cnv_1", "/console/inbox/cnv_2"]);
    expect(within(card).getByRole("link", { name: /月球有没有信号/ })).toBeTruthy();
  });

  it("keeps what the customer said where the question is put in other words", async () => {
    const all = answers({
      "POST /knowledge/entries": { ...entry, id: "kne_1" },
      "POST /knowledge/unanswered/settle": null,
      "GET /knowledge/entries/kne_1": { ...entry, id: "kne_1" },
    });
    open("/bot/answers?view=proposed");
    fireEvent.click(await screen.findByRole("button", { name: "Write an answer: “月球上有信号吗”" }));
    const dialog = await screen.findByRole("dialog", { name: "New question" });
    await within(dialog).findByRole("option", { name: "Plans" });
    expect(within(dialog).queryByRole("checkbox", { name: "月球上有信号吗" })).toBeNull();
    fireEvent.change(within(dialog).getByLabelText("Question"), { target: { value: "月球上能打电话吗" } });
    expect((within(dialog).getByRole("checkbox", { name: "月球上有信号吗" }) as HTMLInputElement).checked).toBe(true);
    fireEvent.change(within(dialog).getByLabelText("Category"), { target: { value: "plans" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Write the answer" }));
    await waitFor(() =>
      expect(all.asked.find((one) => one.path === "/knowledge/entries" && one.method === "POST")?.body).toEqual({
        category: "plans",
        question: { zh: "月球上能打电话吗", en: "" },
        similar: { zh: ["月球上有信号吗", "月球有没有信号"], en: [] },
      }),
    );
  });

  it("calls a draft that answers one more wrongly no better than it is, though it may be published", async () => {
    const draft = { ...score, dont_know: score.dont_know - 1, wrong: score.wrong + 1 };
    answers({ "GET /knowledge": { ...overview, run: { ...run, result: { live: score, draft, cases: [] } } } });
    open("/bot/answers");
    expect(await screen.findByText("Ready to publish, but some answers are worse than live")).toBeTruthy();
    fireEvent.click(await screen.findByRole("button", { name: "Publish v2" }));
    const dialog = await screen.findByRole("dialog", { name: "Publish v2" });
    const told = within(dialog).getByText(/^Within the limit, but worse than live/);
    expect(told.textContent).toContain(`wrong ${score.wrong} → ${draft.wrong}`);
    expect(told.className).toContain("warn");
    expect(dialog.textContent).not.toMatch(/passed/);
  });

  it("says that a version is live as soon as it is, however slow the rest is to be read again", async () => {
    const all = answers({ "POST /knowledge/publish": { version: 2 } });
    open("/bot/answers");
    const button = await screen.findByRole("button", { name: "Publish v2" });
    fireEvent.click(button);
    const press = within(await screen.findByRole("dialog", { name: "Publish v2" })).getByRole("button", {
      name: "Publish v2",
    });
    const never = new Promise(() => undefined);
    for (const path of ["/knowledge", "/knowledge/entries", "/knowledge/versions", "/knowledge/changes"])
      all.answers[`GET ${path}`] = () => never;
    fireEvent.click(press);
    expect(await screen.findByText("v2 is live")).toBeTruthy();
    expect(screen.queryByRole("dialog", { name: "Publish v2" })).toBeNull();
    expect(all.asked.some((one) => one.path === "/knowledge/evaluations")).toBe(false);
  });

  it("publishes once more by itself where the server had no time", async () => {
    let times = 0;
    const all = answers({
      "POST /knowledge/publish": () => (++times === 1 ? new Refusal(503, "busy") : { version: 2 }),
    });
    open("/bot/answers");
    fireEvent.click(await screen.findByRole("button", { name: "Publish v2" }));
    fireEvent.click(
      within(await screen.findByRole("dialog", { name: "Publish v2" })).getByRole("button", { name: "Publish v2" }),
    );
    expect(await screen.findByText("v2 is live")).toBeTruthy();
    expect(all.asked.filter((one) => one.path === "/knowledge/publish")).toHaveLength(2);
  });

  it("says that what was asked still waits when it could not be settled, and tries again", async () => {
    const made = { ...entry, id: "kne_1", live: null, state: "new" };
    const all = answers({
      "POST /knowledge/entries": made,
      "GET /knowledge/entries/kne_1": made,
      "POST /knowledge/unanswered/settle": new Refusal(500, "internal"),
    });
    open("/bot/answers?view=proposed");
    fireEvent.keyDown(await screen.findByRole("listitem", { name: "月球上有信号吗" }), { key: "a" });
    const dialog = await screen.findByRole("dialog", { name: "New question" });
    fireEvent.change(within(dialog).getByLabelText("Category"), { target: { value: "plans" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Write the answer" }));
    const told = await screen.findByText(/what customers asked is still under To learn/);
    expect(await faults(document.body)).toEqual([]);
    all.answers["POST /knowledge/unanswered/settle"] = { changed: 2 };
    fireEvent.click(within(told.parentElement!).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(screen.queryByText(/still under To learn/)).toBeNull());
    expect(all.asked.filter((one) => one.path === "/knowledge/unanswered/settle").map((one) => one.body)).toEqual(
      [1, 2].map(() => ({ asked: group.asked, settled: "answered", entry: "kne_1" })),
    );
  });

  it("goes to the question somebody came for, and says when it is taken care of", async () => {
    answers();
    const { router } = open("/bot/answers?view=proposed&asked=cnv_2.4");
    const card = await screen.findByRole("listitem", { name: "月球上有信号吗" });
    await waitFor(() => expect(document.activeElement).toBe(card));
    expect(card.getAttribute("aria-current")).toBe("true");
    await router.navigate({ to: "/bot/answers", search: { view: "proposed", asked: "cnv_3.1" } });
    expect(await screen.findByText(/already been handled/)).toBeTruthy();
    expect(card.getAttribute("aria-current")).toBeNull();
  });

  it("come in pages, and are counted without them", async () => {
    const all = answers({
      "GET /knowledge/unanswered/count": { groups: 60, total: 90 },
      "GET /knowledge/unanswered": ({ query }: Asked) =>
        query.get("cursor") === null
          ? { items: [group], next: "2.1000.cnv_1.2", groups: 60, total: 90 }
          : {
              items: [{ ...group, question: "火星呢", asked: [{ conversation: "cnv_7", seq: 1 }] }],
              next: null,
              groups: 60,
              total: 90,
            },
      "GET /knowledge/entries": ({ query }: Asked) =>
        query.get("cursor") === null
          ? { items: [item], next: "0.1.kb-002" }
          : { items: [{ ...item, id: "kb-003", question: { zh: "", en: "The second page" } }], next: null },
    });
    const { router } = open("/bot/answers");
    const first = await screen.findByRole("button", { name: /How do I change my plan/ });
    expect(await screen.findByText("60 questions to learn")).toBeTruthy();
    const read = () => all.asked.filter(({ path }) => path === "/knowledge/entries");
    expect(read(), "the next page only on request").toHaveLength(1);
    fireEvent.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByRole("button", { name: /The second page/ })).toBeTruthy();
    expect(first.isConnected).toBe(true);
    expect(
      all.asked.some(({ path }) => path === "/knowledge/unanswered"),
      "a number needs no list",
    ).toBe(false);
    expect(read(), "each page once").toHaveLength(2);
    await router.navigate({ to: "/bot/answers", search: { view: "proposed" } });
    await screen.findByRole("listitem", { name: "月球上有信号吗" });
    fireEvent.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByRole("listitem", { name: "火星呢" })).toBeTruthy();
    expect(all.asked.some(({ query }) => query.get("cursor") === "2.1000.cnv_1.2")).toBe(true);
  });

  it("settles a question without reading the entries again, and an entry without the questions", async () => {
    const all = answers({ "POST /knowledge/unanswered/settle": { changed: 2 } });
    open("/bot/answers?view=proposed");
    fireEvent.keyDown(await screen.findByRole("listitem", { name: "月球上有信号吗" }), { key: "x" });
    const reads = (path: string) => all.asked.filter((one) => one.method === "GET" && one.path === path).length;
    await waitFor(() => expect(reads("/knowledge/unanswered")).toBe(2));
    expect([
      reads("/knowledge"),
      reads("/knowledge/entries"),
      reads("/knowledge/versions"),
      reads("/knowledge/categories"),
    ]).toEqual([2, 1, 1, 1]);
  });

  it("edits a sentence of the test set, and shows a colleague's to who was slower", async () => {
    const sentence = { id: "knt_1", sentence: "switch my plan", lang: "en", expected: "no_answer", updated_at: 7 };
    const all = answers({
      "GET /knowledge/tests": { items: [sentence] },
      "PUT /knowledge/tests/knt_1": new Refusal(409, "conflict"),
    });
    open("/bot/answers?view=tests");
    fireEvent.click(await screen.findByRole("button", { name: "Edit “switch my plan”" }));
    // By its label, as the form above the table has the same field: a search of the whole page by role takes seconds.
    const row = () => screen.getAllByLabelText("A customer says").at(-1)!.closest("tr")!;
    fireEvent.change(within(row()).getByLabelText("A customer says"), { target: { value: " change my plan " } });
    fireEvent.change(within(row()).getByLabelText("The bot should"), { target: { value: "find" } });
    fireEvent.change(within(row()).getByLabelText("Find the entry"), { target: { value: "plan" } });
    fireEvent.click(await within(row()).findByRole("button", { name: /How do I change my plan/ }));
    all.answers["GET /knowledge/tests"] = { items: [{ ...sentence, expected: "human", updated_at: 8 }] };
    fireEvent.click(within(row()).getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/A colleague has just changed it/)).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    all.answers["PUT /knowledge/tests/knt_1"] = {
      ...sentence,
      sentence: "change my plan",
      expected: "kb-002",
      updated_at: 9,
    };
    all.answers["GET /knowledge/tests"] = {
      items: [{ ...sentence, sentence: "change my plan", expected: "kb-002", updated_at: 9 }],
    };
    fireEvent.click(within(row()).getByRole("button", { name: "Use mine" }));
    fireEvent.click(within(row()).getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("button", { name: "Edit “change my plan”" })).toBeTruthy();
    const put = { sentence: "change my plan", lang: "en", expected: "kb-002" };
    expect(all.asked.filter((one) => one.method === "PUT").map((one) => one.body)).toEqual([
      { ...put, seen: 7 },
      { ...put, seen: 8 },
    ]);
  });

  it("asks only for the names that it shows, and for entries to choose from only by words", async () => {
    const listed = (id: string, en: string) => ({ ...item, id, question: { zh: "", en } });
    const all = answers({
      "GET /knowledge/entries/kb-002": { ...entry, draft: { ...texts, related: ["kb-007", "kb-gone"] } },
      "GET /knowledge/tests": {
        items: ["kb-009", "kb-009", "human"].map((expected, n) => ({
          id: `knt_${n}`,
          sentence: `sentence ${n}`,
          lang: "en",
          expected,
          updated_at: 7,
        })),
        next: null,
      },
      "GET /knowledge/entries": ({ query }: Asked) => ({
        items:
          query.get("ids") === "kb-007,kb-gone"
            ? [listed("kb-007", "Seventh")]
            : query.get("ids") === "kb-009"
              ? [listed("kb-009", "Ninth")]
              : query.get("q") === "eighth"
                ? [
                    listed("kb-007", "Seventh"),
                    listed("kb-008", "Eighth"),
                    { ...listed("kb-1", "Old"), state: "removed" },
                  ]
                : [item],
        next: query.get("ids") || query.get("q") ? null : "0.1.kb-002",
      }),
      "PATCH /knowledge/entries/kb-002": entry,
    });
    const { unmount } = open("/bot/answers?entry=kb-002");
    expect(await screen.findByRole("button", { name: "Seventh" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "kb-gone" })).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Add a follow-up"), { target: { value: "eighth" } });
    const found = within(await screen.findByRole("list", { name: "Matches" }));
    expect(found.getAllByRole("button").map((one) => one.textContent)).toEqual(["Eighthkb-008"]);
    fireEvent.click(found.getByRole("button"));
    await waitFor(() =>
      expect(all.asked.filter(({ method }) => method === "PATCH").at(-1)?.body).toMatchObject({
        related: ["kb-007", "kb-gone", "kb-008"],
      }),
    );
    unmount();
    open("/bot/answers?view=tests");
    expect(await screen.findAllByText("Ninth")).toHaveLength(2);
    const pages = all.asked.filter(({ path, query }) => path === "/knowledge/entries" && query.get("cursor"));
    expect(pages, "no list is read to its end").toEqual([]);
  });

  it("says how many entries are in a category that cannot be removed, and shows them", async () => {
    answers({ "DELETE /knowledge/categories/plans": new Refusal(409, "knowledge_category_in_use", "entries", {}, 3) });
    const { router } = open("/bot/answers?q=x");
    fireEvent.click(await screen.findByRole("button", { name: "More" }));
    fireEvent.click(await screen.findByRole("button", { name: "Categories" }));
    fireEvent.click(await screen.findByRole("button", { name: "Delete the category “套餐”" }));
    expect(await screen.findByText("3 questions are in “套餐”; move them first")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: "Show them" }));
    await waitFor(() => expect(router.state.location.search).toEqual({ category: "plans" }));
  });

  it("saves what was written while it was saving, and never stands in its own way", async () => {
    let stored = 100;
    let answer: (() => void) | null = null;
    const all = answers({
      "PATCH /knowledge/entries/kb-002": ({ body }: Asked) => {
        const { seen, ...change } = body as { seen: number; answer: { en: string } };
        if (seen !== stored) return new Refusal(409, "conflict");
        stored += 100;
        const saved = {
          ...entry,
          draft: { ...texts, ...change },
          state: "changed",
          changed: ["answer"],
          updated_at: stored,
          updated_by: "Jiang",
        };
        return stored > 200
          ? saved
          : new Promise((resolve) => {
              answer = () => resolve(saved);
            });
      },
    });
    open("/bot/answers?entry=kb-002");
    const box = await screen.findByLabelText("Answer (English)");
    fireEvent.change(box, { target: { value: "One" } });
    await waitFor(() => expect(patched(all)).toHaveLength(1), { timeout: 3000 });
    fireEvent.change(box, { target: { value: "One and two" } });
    fireEvent.keyDown(document.body, { key: "s", ctrlKey: true });
    // The first write has not been answered when the second is due.
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(patched(all)).toHaveLength(1);
    answer!();
    await waitFor(
      () =>
        expect(patched(all).map((one) => [one.seen, one.answer.en])).toEqual([
          [100, "One"],
          [200, "One and two"],
        ]),
      { timeout: 3000 },
    );
    expect(await screen.findByText(/Saved by Jiang/)).toBeTruthy();
    expect(screen.queryByText(/has just changed this one/)).toBeNull();
  });

  it("does not wait for a check that broke off, and begins another on request", async () => {
    const stale = { ...overview, run: { ...run, revision: 4, state: "done" } };
    const all = answers({
      "GET /knowledge": stale,
      "POST /knowledge/evaluations": () => {
        all.answers["GET /knowledge"] = { ...overview, run: { ...run, state: "failed", result: null } };
        return { ...run, state: "running" };
      },
    });
    open("/bot/answers");
    fireEvent.click(await screen.findByRole("button", { name: "Publish v2" }));
    const dialog = await screen.findByRole("dialog", { name: "Publish v2" });
    expect(await within(dialog).findByText(/The last check was interrupted/)).toBeTruthy();
    all.answers["POST /knowledge/evaluations"] = () => {
      all.answers["GET /knowledge"] = overview;
      return { ...run, state: "running" };
    };
    fireEvent.click(within(dialog).getByRole("button", { name: "Check" }));
    await waitFor(() =>
      expect((within(dialog).getByRole("button", { name: "Publish v2" }) as HTMLButtonElement).disabled).toBe(false),
    );
  });

  it("proposes what agents answered, to be read and saved into the draft", async () => {
    const answer = {
      text: "月球上目前没有信号。",
      lang: "zh-CN",
      masked: false,
      conversation: "cnv_1",
      seq: 6,
      replies: 2,
    };
    const asked = { ...group, reasons: [{ reason: "handed_over", count: 2 }], answer };
    const all = answers({
      "GET /knowledge/unanswered": { items: [asked], next: null, groups: 1, total: 2 },
      "POST /knowledge/entries": { ...entry, id: "kne_1", live: null, state: "new" },
      "GET /knowledge/entries/kne_1": { ...entry, id: "kne_1", live: null, state: "new" },
      "POST /knowledge/unanswered/settle": { changed: 2 },
    });
    open("/bot/answers?view=proposed");
    const card = await screen.findByRole("listitem", { name: "月球上有信号吗" });
    expect(within(card).getByText("月球上目前没有信号。")).toBeTruthy();
    expect(within(card).getByText("Went to a person 2")).toBeTruthy();
    const source = within(card).getByRole("link", { name: "see the conversation" });
    expect(source.getAttribute("href")).toBe("/console/inbox/cnv_1");
    expect(await faults(document.body)).toEqual([]);
    fireEvent.click(within(card).getByRole("button", { name: "Review the answer: “月球上有信号吗”" }));
    const dialog = await screen.findByRole("dialog", { name: "New question" });
    const box = within(dialog).getByLabelText("Answer");
    expect((box as HTMLTextAreaElement).value).toBe("月球上目前没有信号。");
    fireEvent.change(within(dialog).getByLabelText("Category"), { target: { value: "plans" } });
    fireEvent.change(box, { target: { value: "月球上没有信号，•••" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Add to the draft" }));
    expect(await within(dialog).findByText("Replace ••• first")).toBeTruthy();
    fireEvent.change(box, { target: { value: "月球上还没有信号。" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Add to the draft" }));
    await waitFor(() =>
      expect(all.asked.find((one) => one.path === "/knowledge/entries" && one.method === "POST")?.body).toMatchObject({
        answer: { zh: "月球上还没有信号。", en: "" },
      }),
    );
    expect(await faults(document.body)).toEqual([]);
  });

  it("says why a question is worth teaching, and narrows by that", async () => {
    const near = {
      id: "kb-002",
      name: texts.question,
      question: "",
      score: 0.2,
      nearest: "",
      shared: [],
      synonyms: [],
    };
    const chosen = { ...group, question: "想换便宜的", asked: [{ conversation: "cnv_9", seq: 2 }], near, pressed: 3 };
    const poor = { id: "kb-002", name: texts.question };
    const groups = [
      { ...group, reasons: [{ reason: "not_helpful", count: 1 }], poor },
      { ...chosen, reasons: [{ reason: "chosen", count: 3 }] },
    ];
    answers({
      "GET /knowledge/unanswered": ({ query }: Asked) => {
        const reason = query.get("reason");
        const items = groups.filter((one) => !reason || one.reasons.some((why) => why.reason === reason));
        return { items, next: null, groups: items.length, total: 3 };
      },
    });
    const { router } = open("/bot/answers?view=proposed");
    const first = await screen.findByRole("listitem", { name: "月球上有信号吗" });
    expect(within(first).getByRole("button", { name: "The answer was “How do I change my plan?”" })).toBeTruthy();
    expect(
      screen.getByRole("button", { name: "Add to “How do I change my plan?”, which 3 customers chose" }),
    ).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Reason"), { target: { value: "chosen" } });
    await waitFor(() => expect(screen.queryByRole("listitem", { name: "月球上有信号吗" })).toBeNull());
    expect(screen.getByRole("listitem", { name: "想换便宜的" })).toBeTruthy();
    expect(router.state.location.search).toEqual({ view: "proposed", reason: "chosen" });
    fireEvent.change(screen.getByLabelText("Reason"), { target: { value: "unsure" } });
    fireEvent.click(await screen.findByRole("button", { name: "Show all" }));
    expect(await screen.findByRole("listitem", { name: "月球上有信号吗" })).toBeTruthy();
  });

  it("moves, keeps or removes a doubtful phrasing, and takes that back", async () => {
    const all = answers({ "POST /knowledge/suspects/settle": null });
    open("/bot/answers?view=suspects");
    const card = await screen.findByRole("listitem", { name: suspect.text });
    expect(within(card).getByRole("button", { name: "How do I see my bill?" })).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
    const settled = () =>
      all.asked.filter((one) => one.path === "/knowledge/suspects/settle").map((one) => one.body as object);
    const of = { lang: "zh-CN", text: suspect.text };
    let listed = () => {};
    all.answers["GET /knowledge/suspects"] = () =>
      new Promise((done) => {
        listed = () => done(doubted());
      });
    fireEvent.click(within(card).getByRole("button", { name: /^Move “/ }));
    expect(await screen.findByText("No doubtful phrasings"), "before the list is read again").toBeTruthy();
    listed();
    expect(settled()).toEqual([{ ...of, entry: "kb-001", settled: "move", to: "kb-002" }]);
    all.answers["GET /knowledge/suspects"] = doubted(suspect);
    fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    fireEvent.click(await screen.findByRole("button", { name: /^Keep “/ }));
    await waitFor(() => expect(settled()).toHaveLength(4));
    expect(settled().slice(1)).toEqual([
      { ...of, entry: "kb-002", settled: "move", to: "kb-001" },
      { ...of, entry: "kb-001", settled: "doubt" },
      { ...of, entry: "kb-001", settled: "keep" },
    ]);
    all.answers["POST /knowledge/suspects/settle"] = new Refusal(409, "conflict");
    fireEvent.click(await screen.findByRole("button", { name: /^Remove “/ }));
    await waitFor(() => expect(settled()).toHaveLength(5));
    expect(screen.getByRole("listitem", { name: suspect.text })).toBeTruthy();
  });

  it("searches the draft for doubtful phrasings, and says that it was not yet", async () => {
    const all = answers({
      "GET /knowledge/suspects": { run: null, fresh: false, searched: 0, items: [] },
      "POST /knowledge/suspects/search": { ...progress, state: "running", done: 0 },
    });
    open("/bot/answers?view=suspects");
    expect(await screen.findByText("Not searched yet")).toBeTruthy();
    all.answers["GET /knowledge/suspects"] = { ...doubted(suspect), fresh: false };
    fireEvent.click(screen.getByRole("button", { name: "Search the draft" }));
    expect(await screen.findByRole("listitem", { name: suspect.text })).toBeTruthy();
    expect(screen.getByText(/The draft has changed since the search/)).toBeTruthy();
  });

  it("says what the draft would change about yesterday's questions", async () => {
    const all = answers({ "POST /knowledge/yesterday": { ...progress, state: "running", done: 0 } });
    open("/bot/answers");
    const card = await screen.findByRole("region", { name: "Yesterday’s questions" });
    const item = {
      question: "手机•••怎么换卡",
      lang: "zh-CN",
      count: 2,
      live: { did: "no_answer", entry: null, name: null },
      draft: { did: "answered", entry: "kb-002", name: texts.question },
    };
    all.answers["GET /knowledge/yesterday"] = {
      run: progress,
      fresh: false,
      result: { from: 1000, asked: 37, different: 2, items: [item] },
    };
    fireEvent.click(within(card).getByRole("button", { name: "Compare" }));
    expect(await within(card).findByText("The draft treats 2 of 37 questions differently.")).toBeTruthy();
    expect(within(card).getByText("has no answer")).toBeTruthy();
    expect(within(card).getByText("answers “How do I change my plan?”")).toBeTruthy();
    expect(within(card).getByText("Changed since the comparison; compare again")).toBeTruthy();
    expect(await faults(document.body)).toEqual([]);
  });

  it("lets agents write into the draft, and neither check nor publish it", async () => {
    const all = answers({ ...signedIn() });
    open("/bot/answers?view=tests");
    expect(await screen.findByRole("button", { name: "New" })).toBeTruthy();
    expect(screen.getByRole("button", { name: /^Doubtful/ })).toBeTruthy();
    for (const name of [/^Publish/, "Check", "Compare", "More", /^Test set/])
      expect(screen.queryByRole("button", { name })).toBeNull();
    fireEvent.keyDown(document.body, { key: "e", ctrlKey: true });
    fireEvent.keyDown(document.body, { key: "Enter", ctrlKey: true });
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(all.asked.filter((one) => one.method === "POST")).toEqual([]);
    fireEvent.click(screen.getByRole("button", { name: /^To learn/ }));
    const card = await screen.findByRole("listitem", { name: "月球上有信号吗" });
    fireEvent.click(within(card).getByRole("button", { name: "see all: “月球上有信号吗”" }));
    expect(within(card).getByText("月球有没有信号")).toBeTruthy();
    expect(within(card).queryByRole("link")).toBeNull();
  });
});

describe("differences", () => {
  it("name what was added and what was taken out", () => {
    expect(differences("会人工退回。", "会自动原路退回。")).toEqual([
      { kind: "same", text: "会" },
      { kind: "removed", text: "人工" },
      { kind: "added", text: "自动原路" },
      { kind: "same", text: "退回。" },
    ]);
    expect(differences("one two three", "one 2 three").filter((piece) => piece.kind !== "same")).toEqual([
      { kind: "removed", text: "two" },
      { kind: "added", text: "2" },
    ]);
    expect(differences("", "new")).toEqual([{ kind: "added", text: "new" }]);
    expect(differences("same", "same")).toEqual([{ kind: "same", text: "same" }]);
  });
  it("do not go through a character", () => {
    expect(differences("好👍🏽", "好👍🏻")).toEqual([
      { kind: "same", text: "好" },
      { kind: "removed", text: "👍🏽" },
      { kind: "added", text: "👍🏻" },
    ]);
    expect(differences("cafe\u0301 a", "cafe a").filter((piece) => piece.kind !== "same")).toEqual([
      { kind: "removed", text: "cafe\u0301" },
      { kind: "added", text: "cafe" },
    ]);
  });
  it("put together what each side says", () => {
    for (const [before, after] of [
      ["a b c d", "a x c"],
      ["", ""],
      ["套餐 plan", "plan 套餐"],
    ] as const) {
      const pieces = differences(before, after);
      expect(
        pieces
          .filter((piece) => piece.kind !== "added")
          .map((piece) => piece.text)
          .join(""),
      ).toBe(before);
      expect(
        pieces
          .filter((piece) => piece.kind !== "removed")
          .map((piece) => piece.text)
          .join(""),
      ).toBe(after);
    }
  });
});

it("puts new phrasings on the side of their language, each once", () => {
  expect(withPhrasings(texts, ["换个套餐！", "换一个套餐", "Switch plan", "another plan", " "]).similar).toEqual({
    zh: ["换个套餐", "换一个套餐"],
    en: ["switch plan", "another plan"],
  });
});
