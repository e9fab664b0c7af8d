import type { ConversationAlert } from "../src/lib/alerts";
import type {
  AnswerOutcome,
  Conversation,
  ConversationState,
  Entry,
  IndicatorKey,
  Me,
  MessageBody,
  Panel,
  Reach,
  Roles,
  Wall,
} from "@yingda/api/types";
import definitions from "../../../crates/warehouse/indicators.json";
import { builtIn } from "../src/lib/built-in-roles";
import permissions from "../../../docs/PERMISSIONS.md?raw";

/** What a built-in role holds: what is not marked "–" in its column of the server's table. */
function held(role: (typeof builtIn)[number]): Pick<Me, "permissions" | "grants"> {
  const column = builtIn.indexOf(role) + 1;
  const grants = [...permissions.matchAll(/^\| `([\w.]+)` \|(.*)\|$/gm)].map(([, name, rest]) => ({
    permission: name as Me["permissions"][number],
    reach: (rest?.split("|")[column]?.trim() ?? "–").split(", ").map((one) => one.replace(" ", "_") as Reach | "–"),
  }));
  const of = grants.flatMap(({ permission, reach }) => {
    const given = reach.filter((one) => one !== "–");
    return given.length > 0 ? [{ permission, reach: given }] : [];
  });
  return { permissions: of.map(({ permission }) => permission), grants: of };
}

export const me: Me = {
  agent: "agt_1",
  inbox: "ibx_1",
  tenant: { id: "tnt_1", key: "linkong", name: { zh: "临空通信", en: "Linkong Telecom" } },
  name: "沈知微",
  number: "0317",
  email: "zhiwei@linkong.example",
  role: "agent",
  state: "available",
  state_since: 1_795_140_000_000,
  state_reason: null,
  state_by: null,
  is_viewing: false,
  capacity: 5,
  time_zone: "Asia/Shanghai",
  currency: "CNY",
  ...held("agent"),
  hides: [],
  role_name: null,
};
export const manager: Me = {
  ...me,
  agent: "agt_9",
  inbox: "ibx_9",
  name: "江棠",
  role: "manager",
  ...held("manager"),
};
export const administrator: Me = {
  ...manager,
  name: "陶然",
  role: "administrator",
  ...held("administrator"),
};

/** The roles as an administrator sees them: the built-in ones, and one that the company composed. */
export const roles: Roles = {
  items: [
    ...builtIn.map((id) => ({
      id,
      name: null,
      about: "",
      grants: held(id).grants,
      hides: [],
      members: 1,
      may_give: true,
      updated_at: null,
    })),
    {
      id: "rol_1",
      name: "Night shift",
      about: "Serves at night",
      grants: [{ permission: "desk", reach: ["own", "queue"] }],
      hides: ["phone"],
      members: 0,
      may_give: true,
      updated_at: 5,
    },
  ],
  permissions: [
    { permission: "desk", reach: ["own", "queue", "company"] },
    { permission: "panel", reach: ["company"] },
    { permission: "settings", reach: ["company"] },
  ],
};

export const noon = Date.UTC(2026, 10, 20, 4, 0, 0);

/** A visitor without a name: the server calls them by the end of their id, in the company's language. */
export const visitor = (id: string) => ({
  id: `vst_${id.padStart(32, "0")}`,
  name: `访客 ${id.toUpperCase().padStart(4, "0")}`,
});

/** An alert about a conversation that waits in the queue. */
export const alertOf = (id: string, change: Partial<ConversationAlert> = {}): ConversationAlert => ({
  kind: "danger",
  level: "urgent",
  subject: `cnv_${id}`,
  conversation: `cnv_${id}`,
  seq: 2,
  customer: visitor(id),
  lang: "en",
  state: "queued",
  agent: null,
  text: `words of ${id}`,
  queue: "que_1",
  raised_at: noon,
  due_at: null,
  done_at: null,
  done_by: null,
  network: null,
  others: 0,
  address: null,
  times: null,
  oldest: null,
  ...change,
});

/** A plan as staff see it. */
export const cloud = {
  id: "cloud-59",
  name: { zh: "云享59", en: "Cloud 59" },
  monthly_fee_fen: 5900,
  data_gb: 40,
  voice_min: 300,
  sms: 100,
  roaming: { data_gb: 0, voice_min: 0, destinations: 0 },
  broadband_mbps: 0,
  contract_months: 0,
  audience: "everyone",
  notes: { zh: "最多人选", en: "The most chosen plan" },
  supplementary_cards: { max: 0, free: 0 },
  state: "live",
  updated_at: 100,
};

/** What a visitor without a name asked first: staff tell them apart by it. */
export const question = (id: string) => `Question ${id.toUpperCase().padStart(4, "0")}`;

export function conversation(id: string, change: Partial<Conversation> = {}): Conversation {
  return {
    id: `cnv_${id}`,
    state: "active",
    epoch: 2,
    episode: 1,
    agent: { id: me.agent, name: me.name },
    queue: { id: "que_1", name: { zh: "人工服务", en: "People" } },
    customer: visitor(id),
    lang: "zh-CN",
    channel: "web",
    seq: 5,
    unread: 0,
    waiting_since: null,
    queued_at: noon - 60_000,
    offer: null,
    assigned_at: noon - 30_000,
    resolved_at: null,
    created_at: noon - 90_000,
    at: noon,
    due_at: null,
    labels: [],
    about: null,
    paused_at: null,
    alerted_at: null,
    danger: false,
    subject: question(id),
    preview: null,
    product: null,
    wait: null,
    settled: null,
    ...change,
  };
}

export const customer = { kind: "customer", name: "访客", id: "vst_a" } as const;
export const bot = { kind: "bot", name: "小应" } as const;
export const agent = { kind: "agent", name: me.name, id: me.agent } as const;
export const system = { kind: "system" } as const;

/** Builds a log with consecutive numbers; `after` is the number of seconds since the previous entry. */
export function log(...rows: [after: number, kind: Entry["kind"], by: Entry["by"], body: unknown][]): Entry[] {
  let at = noon;
  return rows.map(([after, kind, by, body], index) => {
    at += after * 1000;
    return { seq: index + 1, kind, v: 1, at, by, body } as Entry;
  });
}
export const text = (words: string, ord = 1): MessageBody => ({ type: "text", text: words, ord });
export const answer = (words: string, outcome: AnswerOutcome = "confident", ord = 1): MessageBody => ({
  type: "answer",
  outcome,
  text: words,
  lang: "zh-CN",
  ord,
  options: [],
  related: [],
  offer_human: false,
});

export const served = () =>
  log(
    [0, "opened", system, { episode: 1, lang: "zh-CN" }],
    [2, "message", customer, text("充 50 块扣了我两次？", 1)],
    [1, "message", bot, answer("这个我答不上来", "no_answer", 1)],
    [5, "human_requested", customer, { via: "button" }],
    [0, "queued", system, { queue: "人工服务" }],
    [
      38,
      "routing",
      system,
      {
        rule: "fewest_open_then_longest_idle",
        candidates: [{ agent: me.agent, name: me.name, open: 1, capacity: 5, last_assigned_at: null }],
        chosen: me.agent,
      },
    ],
    [0, "assigned", system, { name: me.name, number: me.number, agent: me.agent }],
    [9, "message", agent, text("您好，我看到了两笔付款。", 2)],
    [15, "message", customer, text("好的，快一点", 2)],
  );

export const head: ConversationState = {
  state: "active",
  episode: 1,
  agent_name: me.name,
  agent_number: me.number,
  score: null,
  reopen_until: null,
};

/** The indicators as defined by the server; those not given a value below have 1. */
const measures = definitions.measures.filter(({ kind }) => kind !== "histogram");
const keyOf = ({ key }: { key: string }) => key as IndicatorKey;
export const counts = measures.filter(({ kind }) => kind === "count" || kind === "distinct").map(keyOf);
export const sums = measures.filter(({ kind }) => kind === "sum").map(keyOf);
export const extremes = measures.filter(({ kind }) => kind === "min" || kind === "max").map(keyOf);
export const derived = definitions.derived.map(keyOf);
const each = (keys: readonly IndicatorKey[], value: unknown) => Object.fromEntries(keys.map((key) => [key, value]));
export const minutesOf = (value: (index: number) => number) =>
  ({
    from: noon - 59 * 60_000,
    ...each(
      counts,
      Array.from({ length: 60 }, (_, index) => value(index)),
    ),
  }) as Panel["minutes"];

export const values = {
  ...each([...counts, ...sums, ...extremes, ...derived], 1),
  session_created: 62,
  session_used: 54,
  session_rated: 16,
  session_transferred: 14,
  dialogue: 239,
  no_answer: 11,
  transfer_request: 15,
  rating_good: 12,
  rating_mid: 3,
  rating_poor: 1,
  wait_ended: 13,
  answered: 12,
  answered_in_time: 10,
  service_level: 0.7692,
  abandonment: 0.0769,
  good_ratio: 0.75,
  mid_ratio: 0.1875,
  poor_ratio: 0.0625,
  transfer_ratio: 14 / 62,
  no_answer_ratio: 11 / 239,
} as Wall["today"];
export const panel: Panel = {
  as_of: noon,
  data_from: noon - 90 * 86_400_000,
  window: { day: "2026-11-20", from: noon - 12 * 3_600_000, to: noon },
  time_zone: "Asia/Shanghai",
  today: values,
  yesterday: { ...values, session_created: 50, session_transferred: 10 },
  last_week: { ...values, session_created: 40 },
  last_60: { ...values, session_created: 7 },
  minutes: minutesOf((index) => index % 4),
  now: {
    waiting: 2,
    longest_wait_since: noon - 107_000,
    active: 4,
    bot: 9,
    agents_available: 2,
    agents_online: 3,
    slots_used: 4,
    slots: 10,
    utilisation: 0.4,
    visitors_online: 31,
  },
  queues: [
    {
      id: `que_${"1".repeat(32)}`,
      name: { zh: "账单", en: "Billing" },
      waiting: 2,
      longest_wait_since: noon - 107_000,
      slots_used: 4,
      slots: 10,
      service_level: 0.7692,
    },
    {
      id: `que_${"2".repeat(32)}`,
      name: { zh: "售前", en: "Sales" },
      waiting: 0,
      longest_wait_since: null,
      slots_used: 0,
      slots: 0,
      service_level: null,
    },
  ],
};
const zeros = { ...each([...counts, ...sums], 0), ...each([...extremes, ...derived], null) } as Panel["today"];
export const quietPanel: Panel = {
  ...panel,
  today: zeros,
  yesterday: zeros,
  last_week: zeros,
  last_60: zeros,
  minutes: minutesOf(() => 0),
  now: {
    waiting: 0,
    longest_wait_since: null,
    active: 0,
    bot: 0,
    agents_available: 0,
    agents_online: 0,
    slots_used: 0,
    slots: 0,
    utilisation: null,
    visitors_online: 0,
  },
  queues: [
    {
      id: `que_${"1".repeat(32)}`,
      name: { zh: "账单", en: "Billing" },
      waiting: 0,
      longest_wait_since: null,
      slots_used: 0,
      slots: 0,
      service_level: null,
    },
  ],
};
