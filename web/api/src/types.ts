/** The words of the wire: frames of docs/PROTOCOL.md and bodies of /api/v1. Times are epoch milliseconds, money is integer fen. */

export interface Bilingual {
  zh: string;
  en: string;
}
export type Lang = "zh-CN" | "en";
export type Id = string;

// ---------------------------------------------------------------- bodies of `send`

export interface TextBody {
  type: "text";
  text: string;
}
export interface FileBody {
  type: "file";
  file: Id;
}
export interface ChoiceBody {
  type: "choice";
  text: string;
  answer: string;
}
export interface ProductBody {
  type: "product";
  product: string;
}
export interface RequestHumanBody {
  type: "request_human";
  via: "button";
}
export interface RateBody {
  type: "rate";
  score: number;
  comment?: string;
  solved?: boolean;
}
export interface TransferBody {
  type: "transfer";
  to: Id;
  note?: string;
}
export interface NoteBody {
  type: "note";
  text: string;
}
export type SendBody =
  | TextBody
  | FileBody
  | ChoiceBody
  | ProductBody
  | RequestHumanBody
  | RateBody
  | NoteBody
  | TransferBody
  | { type: "leave_queue" }
  | { type: "end" }
  | { type: "take" }
  | { type: "resolve" };

export interface PageContext {
  title: string;
  url: string;
}
/** Stands on the first `send` of a conversation whose id the client has just made. */
export interface OpenContext {
  lang: Lang;
  product?: string;
  page?: PageContext;
}

// ---------------------------------------------------------------- client to server

export interface Hello {
  cursors: Record<string, number | null>;
  generation?: string;
  lists?: string[];
  panel?: boolean;
}
export type ClientFrame =
  | ({ t: "hello"; version: 1; token?: string } & Hello)
  | { t: "send"; conversation: Id; client_id: string; body: SendBody; open?: OpenContext }
  | { t: "get"; stream: Id; from: number; to: number }
  | { t: "mark"; stream: Id; received: number; read: number }
  | { t: "typing"; conversation: Id; on: boolean }
  | { t: "ping" };

// ---------------------------------------------------------------- entries

export type SpeakerKind = "customer" | "bot" | "agent" | "system";
export interface Speaker {
  kind: SpeakerKind;
  name?: string;
  id?: Id;
}
export interface FileCard {
  id: Id;
  name: string;
  size: number;
  mime: string;
  width?: number;
  height?: number;
}
export interface ProductCard {
  id: string;
  name: Bilingual;
  price_fen: number;
  stock: number;
  illustration: string;
}
export interface AnswerChoice {
  id: string;
  text: string;
}
export type MessageBody =
  | { type: "text"; text: string; ord: number }
  | { type: "file"; file: FileCard; ord: number }
  | { type: "choice"; text: string; answer: string; ord: number }
  | { type: "product"; product: ProductCard; ord: number }
  | {
      type: "answer";
      outcome: string;
      text: string;
      lang: string;
      ord: number;
      source?: { id: string; title: string };
      options: AnswerChoice[];
      related: AnswerChoice[];
      offer_human: boolean;
    };

interface EntryHead {
  seq: number;
  v: number;
  at: number;
  by: Speaker;
  client_id?: string;
  audience?: "public" | "staff";
  gone?: "recalled" | "erased";
}
type Kind<K extends string, B> = EntryHead & { kind: K; body: B | null };
export interface RoutingBody {
  rule: string;
  candidates: { agent: Id; name: string; open: number; capacity: number; last_assigned_at: number | null; skipped?: string }[];
  chosen: Id | null;
}
export type Entry =
  | Kind<"opened", { episode: number; lang: Lang; product?: string | ProductCard; page?: PageContext }>
  | Kind<"message", MessageBody>
  | Kind<"human_requested", { via: "button" | "words" }>
  | Kind<"queued", { queue: string }>
  | Kind<"assigned", { name: string; number: string; agent?: Id }>
  | Kind<"routing", RoutingBody>
  | Kind<"transferred", { to_kind: "agent" | "queue"; to_name: string; from_name: string; to?: Id; from?: Id }>
  | Kind<"returned", { reason: string }>
  | Kind<"left_queue", Record<string, never>>
  | Kind<"note", { text: string }>
  | Kind<"resolved", { by: "customer" | "agent" | "system"; outcome: string }>
  | Kind<"reopened", { episode: number; with?: "bot" | "queue" | "agent" }>
  | Kind<"rated", { score: number; comment?: string; solved?: boolean }>
  | Kind<"bot_superseded", { of: number }>
  | Kind<"closed", Record<string, never>>
  // streams beside conversations
  | Kind<"current", { conversation: Id }>
  | Kind<"moved", { to: Id }>
  | Kind<"released", { conversation: Id }>
  | Kind<"state_changed", { from: string; to: string; reason?: string }>
  | Kind<"enter", { conversation: Id }>
  | Kind<"leave", { conversation: Id }>
  | Kind<"canned_replies_changed", unknown>
  | Kind<"catalogue_changed", unknown>
  | Kind<"knowledge_published", unknown>;
export type MessageEntry = Extract<Entry, { kind: "message" }>;

// ---------------------------------------------------------------- server to client

export interface Mark {
  received: number;
  read: number;
}
export interface Marks {
  customer?: Mark;
  staff?: Mark;
}
export interface Place {
  t: "place";
  conversation: Id;
  ahead: number;
  eta_low_ms: number | null;
  eta_high_ms: number | null;
  staffed: boolean;
}
export type ServerFrame =
  | { t: "welcome"; generation: string; heads: Record<string, number>; marks: Record<string, Marks>; now: number; beat_ms: number }
  | { t: "ok"; client_id: string; seq: number; at: number }
  | { t: "no"; client_id?: string; code: string; conversation?: Id }
  | { t: "busy"; client_id: string; retry_ms: number }
  | { t: "entries"; stream: Id; entries: Entry[] }
  | { t: "reset"; stream: Id; generation: string; seq: number; state: ConversationState | null; marks: Marks | null; entries: Entry[] }
  | { t: "page"; stream: Id; from: number; to: number; entries: Entry[] }
  | { t: "gone"; stream: Id; code: string }
  | ({ t: "marks"; stream: Id } & Marks)
  | { t: "summary"; conversation: Conversation }
  | ({ t: "lists" } & Partial<Record<ListName, Conversation[]>>)
  | Place
  | { t: "typing"; conversation: Id; by: SpeakerKind; name?: string; on: boolean; text?: string }
  | { t: "presence"; agent: Id; state: AgentState; since: number }
  | ({ t: "panel" } & Panel)
  | { t: "pong"; heads?: Record<string, number> };

// ---------------------------------------------------------------- conversations and staff

export type ConversationStateName = "bot" | "queued" | "offered" | "active" | "on_hold" | "snoozed" | "resolved" | "closed";
export type ListName = "mine" | "queue" | "resolved_today";
/** What `reset.state` says about a conversation: no ids, so that customers may have it. */
export interface ConversationState {
  state: ConversationStateName;
  episode: number;
  agent_name: string | null;
  agent_number: string | null;
  score: number | null;
  reopen_until: number | null;
}
export interface ConversationHead {
  state: ConversationStateName;
  epoch: number;
  episode: number;
  agent: { id?: Id; name: string; number?: string } | null;
  queue: { id?: Id; name: string } | null;
  lang: Lang;
}
export interface Conversation extends ConversationHead {
  id: Id;
  agent: { id: Id; name: string } | null;
  queue: { id: Id; name: string } | null;
  customer: { id: Id; name: string };
  channel: string;
  seq: number;
  unread: number;
  waiting_since: number | null;
  queued_at: number | null;
  assigned_at: number | null;
  resolved_at: number | null;
  created_at: number;
  at: number;
  due_at: number | null;
  preview: { by: "customer" | "bot" | "agent"; text: string } | null;
  product: { id: string; name: string | Bilingual } | null;
}
export interface Rating {
  score: number;
  comment?: string | null;
  solved?: boolean | null;
}
export interface Episode {
  number: number;
  began_with: string;
  created_at: number;
  human_requested_at: number | null;
  accepted_at: number | null;
  first_human_reply_at: number | null;
  ended_at: number | null;
  outcome: string | null;
  rating: Rating | null;
}
export interface ConversationDetail extends Omit<Conversation, "product"> {
  visitor: { id: Id; name: string; first_seen_at: number; conversations: number };
  product: GoodsCard | null;
  page: PageContext | null;
  episodes: Episode[];
  history: { conversation: Id; created_at: number; outcome: string | null; preview: string | null }[];
}
export type AgentState = "available" | "break" | "offline";
export type Role = "agent" | "manager" | "administrator";
export interface Me {
  agent: Id;
  inbox: Id;
  tenant: { id: Id; name: Bilingual };
  name: string;
  number: string;
  email: string;
  role: Role;
  state: AgentState;
  state_since: number;
  capacity: number;
  time_zone: string;
  permissions: string[];
}
export interface SignInLink {
  name: string;
  email: string;
  role: Role;
  needs_password: boolean;
}
export interface StaffSession {
  id: Id;
  created_at: number;
  last_seen_at: number;
  user_agent: string;
  current: boolean;
}
export interface Today {
  served: number;
  frt_median_ms: number | null;
  rated: number;
  rated_good: number;
}
export interface Colleagues {
  agents: { id: Id; name: string; number: string; state: AgentState; open: number; capacity: number }[];
  queues: { id: Id; name: Bilingual; waiting: number }[];
}
export interface CannedReply {
  id: Id;
  shortcode: string;
  title: string;
  body: Partial<Bilingual>;
  updated_at: number;
}
export interface ListPage<T> {
  items: T[];
  next: string | null;
}

// ---------------------------------------------------------------- panel

export type IndicatorKey =
  | "session_created"
  | "session_used"
  | "session_rated"
  | "session_transferred"
  | "dialogue"
  | "no_answer"
  | "transfer_request"
  | "rating_good"
  | "rating_mid"
  | "rating_poor"
  | "good_ratio"
  | "mid_ratio"
  | "poor_ratio";
export type IndicatorValues = Record<IndicatorKey, number | null>;
export type MinuteSeries =
  | "session_created"
  | "session_used"
  | "session_transferred"
  | "session_rated"
  | "dialogue"
  | "no_answer"
  | "transfer_request";
export interface Panel {
  as_of: number;
  window: { day: string; from: number; to: number };
  time_zone: string;
  today: IndicatorValues;
  yesterday: IndicatorValues;
  last_60: IndicatorValues;
  minutes: { from: number } & Record<MinuteSeries, number[]>;
  now: {
    waiting: number;
    longest_wait_since: number | null;
    active: number;
    bot: number;
    agents_available: number;
    agents_online: number;
    visitors_online: number;
  };
}
export interface Indicator {
  key: IndicatorKey | "waiting" | "active";
  name: Bilingual;
  rule: Bilingual;
  unit: string;
}
export interface IndicatorConversations {
  indicator: string;
  count: number;
  items: { conversation: Conversation; at: number; text?: string; score?: number }[];
  next: string | null;
}

// ---------------------------------------------------------------- sites, widget and hall

export interface Hall {
  site: string;
  tenant: Bilingual;
}
export interface Site {
  key: string;
  name: Bilingual;
  bot_name: Bilingual;
  greeting: Bilingual;
  privacy_note: Bilingual;
  brand?: string | null;
  questions: { id: string; text: Bilingual }[];
}
export interface WidgetSession {
  token: string;
  expires_at: number;
  device: string;
  sealed: string;
  visitor: Id;
  generation: string;
  conversation: Id | null;
}
export type UploadedFile = FileCard;
export interface GoodsCard extends ProductCard {
  category: string;
  tags: string[];
  tagline: Bilingual;
}
export interface Goods extends GoodsCard {
  attributes: { key: string; label: Bilingual; value: Bilingual; unit: string | null }[];
  selling_points: { zh: string[]; en: string[] };
  description: Bilingual;
}
export interface Plan {
  id: string;
  name: Bilingual;
  monthly_fee_fen: number;
  data_gb: number;
  voice_min: number;
  sms: number;
  roaming: { data_gb: number; voice_min: number; destinations: number };
  broadband_mbps: number;
  contract_months: number;
  audience: string;
  notes: Bilingual;
  supplementary_cards: { max: number; free: number };
}
export interface Catalogue {
  currency: string;
  categories: { id: string; name: Bilingual }[];
  tag_names: Record<string, Bilingual>;
  goods: GoodsCard[];
  plans: Plan[];
}
export interface GoodsSearch {
  items: GoodsCard[];
  nearest_category: string | null;
}
export interface Suggestion {
  id: string;
  text: string;
}

/** RFC 9457 problem of every refused request. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: string;
  field?: string;
  request_id?: string;
}
