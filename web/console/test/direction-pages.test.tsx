import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { EventStream } from "./fake-stream";
import { open, server, signedIn } from "./render";
import { alertOf, cloud, conversation, manager, me, noon, visitor } from "./samples";

/** What people wrote from right to left, and the letters by which it is found. */
const said = "שלום! האם אפשר לבטל?";
const called = { zh: "", en: "תור (3)" };
const name = "זואי לוי 2";
const hebrew = /[\u0590-\u05ff]/;

const customer = { ...visitor("a"), name, account: { id: "cus_1", verified: null, masked: null } };
const queue = {
  id: "que_1",
  name: called,
  service: { open: true, opens_at: null, promised_by: null },
  left_messages: 1,
  everybody: true,
  members: [],
};
const waiting = conversation("a", {
  customer,
  state: "queued",
  agent: null,
  queue: { id: "que_1", name: called },
  queued_at: noon,
  preview: { by: "customer", text: said },
  wait: { reason: "words", why: null, by: null, topic: called },
  product: { id: "g-001", name: called, illustration: "phone", price_fen: 100, stock: 1 },
});
const left = {
  conversation: "cnv_a",
  episode: 1,
  customer,
  lang: "en",
  text: said,
  contact: `${name}, 7`,
  left_at: noon,
  promised_by: null,
  queue: "que_1",
  owner: { id: "agt_2", name },
  done_at: null,
  done_by: null,
  answered: false,
};
const alert = alertOf("a", { customer, state: "active", agent: name, text: said });
const good = {
  id: "g-001",
  category: "phone",
  name: { zh: "מכשיר", en: called.en },
  price_fen: 100,
  stock: 1,
  state: "live",
  illustration: "phone",
  updated_at: 1,
};
const plan = { ...cloud, name: called, notes: { zh: "", en: said } };
const texts = {
  category: "plans",
  question: { zh: "", en: said },
  similar: { zh: [], en: [said] },
  answer: { zh: "", en: said },
  related: ["kb-002"],
  action: null,
};
const entry = {
  id: "kb-001",
  draft: texts,
  live: texts,
  state: "same",
  changed: [],
  missing: null,
  updated_at: 100,
  updated_by: name,
};
const item = {
  id: "kb-001",
  category: "plans",
  question: texts.question,
  phrasings: 1,
  weak: true,
  answered: { zh: false, en: true },
  state: "same",
  updated_at: 100,
};
const overview = {
  revision: 5,
  version: 1,
  next: 2,
  entries: 1,
  changes: 1,
  incomplete: [],
  tests: 1,
  lost_tests: 0,
  unanswered: 1,
  run: null,
};
const knowledge = {
  "GET /knowledge": overview,
  "GET /knowledge/entries": { items: [item, { ...item, id: "kb-002" }], next: null },
  "GET /knowledge/entries/kb-001": entry,
  "GET /knowledge/categories": { items: [{ key: "plans", name: called, entries: 1, updated_at: 1 }] },
  "GET /knowledge/versions": { items: [] },
  "GET /knowledge/changes": { items: [], next: null },
  "GET /knowledge/unanswered/count": { count: 1 },
  "GET /knowledge/tests": {
    items: [{ id: "knt_1", sentence: said, lang: "en", expected: "kb-001", updated_at: 1 }],
    next: null,
  },
  "GET /knowledge/unanswered": {
    items: [
      {
        question: said,
        lang: "en",
        count: 1,
        last_at: 1000,
        examples: [said],
        phrasings: [said],
        asked: [{ conversation: "cnv_1", seq: 2 }],
        places: [{ at: 1000, text: said }],
        near: { id: "kb-001", name: called },
        reasons: [{ reason: "unanswered", count: 1 }],
        pressed: 0,
        poor: null,
        answer: { text: said, lang: "en", count: 1, conversation: "cnv_1", seq: 4 },
      },
    ],
    next: null,
    groups: 1,
    total: 1,
  },
  "GET /knowledge/suspects": { run: null, fresh: true, searched: 1, items: [] },
  "GET /knowledge/yesterday": { run: null },
  "GET /knowledge/similar": { items: [] },
  "GET /knowledge/try": {
    outcome: "confident",
    rule: "sure",
    text: said,
    lang: "en",
    source: "kb-001",
    candidates: [{ id: "kb-001", question: said, score: 0.9, nearest: said, shared: ["שלום"], synonyms: ["לבטל"] }],
    sure: 0.3,
    covered: 0.9,
    surely_covered: 0.5,
    likely: 0.3,
    took_ms: 1,
  },
};

/** The elements with Hebrew of their own that take no direction from it. Fields and options are what the browser draws; what only screen readers hear has none. */
const undirected = () =>
  [...document.querySelectorAll<HTMLElement>("body *")]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && hebrew.test(node.textContent ?? "")))
    .filter(
      (one) =>
        !one.closest("[dir=auto], bdi, textarea, option, title, .sr, .av") && !one.textContent?.includes("\u2068"),
    )
    .map((one) => one.outerHTML);

it.each([
  ["/inbox/queues", { "GET /queues": { items: [queue] } }, 4],
  ["/inbox/queues?open=cnv_a", { "GET /queues": { items: [queue] } }, 5],
  [
    "/inbox/feedback",
    {
      "GET /queues": { items: [queue] },
      "GET /feedback": { items: [{ kind: "left_message", of: left }], waiting: 1, next: null },
    },
    4,
  ],
  [
    "/inbox/feedback?done=true",
    {
      "GET /queues": { items: [queue] },
      "GET /feedback": {
        items: [{ kind: "left_message", of: { ...left, done_at: noon, done_by: name, owner: null } }],
        waiting: 0,
        next: null,
      },
    },
    4,
  ],
  [
    "/inbox/alerts",
    { "GET /queues": { items: [queue] }, "GET /alerts": { items: [alert], next: null, waiting: 1 } },
    4,
  ],
  [
    "/goods",
    {
      "GET /goods": { items: [good], next: null, total: 1, currency: "CNY" },
      "GET /goods-categories": { items: [{ id: "phone", name: called, goods: 1 }], tags: [], updated_at: 5 },
    },
    3,
  ],
  [
    "/goods?state=deleted",
    {
      "GET /goods": { items: [{ ...good, deleted_at: noon }], next: null, total: 1, currency: "CNY" },
      "GET /goods-categories": { items: [{ id: "phone", name: called, goods: 1 }], tags: [], updated_at: 5 },
    },
    1,
  ],
  ["/goods/plans", { "GET /plans": { items: [plan], currency: "CNY" } }, 1],
  ["/bot/answers?entry=kb-001", knowledge, 6],
  ["/bot/answers?view=tests", knowledge, 2],
  ["/bot/answers?view=proposed", knowledge, 2],
  [
    "/bot/canned-replies",
    {
      "GET /canned-replies": {
        items: [
          { id: "cnr_1", shortcode: "hi", title: name, body: { zh: "", en: said }, updated_at: 1, updated_by: name },
        ],
        next: null,
      },
    },
    2,
  ],
] as const)("gives what people wrote a direction of its own: %s", async (path, answers, least) => {
  server({ ...signedIn({ ...manager, agent: me.agent }), ...answers });
  open(path);
  await waitFor(() => expect(document.querySelector("main, .page, [data-pane]")).toBeTruthy());
  act(() => {
    EventStream.last?.become({ state: "live" });
    EventStream.last?.receive({ t: "lists", mine: [], queue: [waiting] });
  });
  const trying = path.includes("entry=") ? await screen.findByLabelText("Ask as a customer would") : null;
  if (trying) {
    fireEvent.change(trying, { target: { value: "hi there" } });
    await waitFor(() => expect(document.querySelector(".kn-candidates")).toBeTruthy());
  }
  const shown = () =>
    [...document.querySelectorAll("body *")].filter((one) =>
      [...one.childNodes].some((node) => node.nodeType === 3 && hebrew.test(node.textContent ?? "")),
    );
  await waitFor(() => expect(shown().length).toBeGreaterThanOrEqual(least));
  expect(undirected()).toEqual([]);
});
