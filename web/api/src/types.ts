/**
 * Short names for the server's types. Nothing is described here: `schema.ts` is generated from docs/openapi.json, and that from the server's
 * code (`make openapi`). Times are epoch milliseconds, money is integer fen.
 */
import type { components } from "./schema";

type S = components["schemas"];
/** Those of a union whose `field` is `name`. */
type Of<U, F extends PropertyKey, N> = Extract<U, Record<F, N>>;

export type Bilingual = S["Bilingual"];
export type Lang = S["Lang"];
export type Id = S["StreamName"];
/** RFC 9457 problem of every refused request. */
export type ProblemBody = S["Problem"];

// ---------------------------------------------------------------- client to server

export type SendBody = S["SendBody"];
export type PageContext = S["Page"];
/** Stands on the first `send` of a conversation whose id the client has just made. */
export type OpenContext = S["Open"];
/** What a page wants to follow; the stream adds version and token. */
export type Hello = Omit<S["Hello"], "version" | "token"> & Required<Pick<S["Hello"], "cursors">>;
export type ClientFrame = S["ClientFrame"];

// ---------------------------------------------------------------- entries

export type Speaker = S["By"];
export type SpeakerKind = Speaker["kind"];
export type FileCard = S["UploadedFile"];
export type ProductCard = S["ProductRef"];
export type AnswerOutcome = S["AnswerOutcome"];
export type AnswerChoice = S["AnswerChoice"];
export type MessageBody = S["Message"];
export type RoutingBody = S["Routing"];
export type Entry = S["Entry"];
export type MessageEntry = Of<Entry, "kind", "message">;

// ---------------------------------------------------------------- server to client

export type Mark = S["Mark"];
export type Marks = S["Marks"];
export type ServerFrame = S["ServerFrame"];
/** Marks of one side, as a page raises them for itself before the server tells them. */
export type OwnMarks = Pick<Of<ServerFrame, "t", "marks">, "t" | "stream"> & Partial<Marks>;
export type Place = Of<ServerFrame, "t", "place">;
export type NoCode = S["NoCode"];
export type GoneCode = S["GoneCode"];

// ---------------------------------------------------------------- conversations and staff

export type ConversationStateName = S["ConversationStateName"];
/** Lists whose rows a stream can follow. */
export type ListName = S["ListName"];
/** What `reset.state` says about a conversation: no ids, so that customers may have it. */
export type ConversationState = S["ConversationState"];
export type Conversation = S["ConversationView"];
export type Conversations = S["Conversations"];
export type Rating = S["RatingView"];
export type Episode = S["EpisodeView"];
export type Outcome = S["Outcome"];
export type ConversationDetail = S["ConversationDetail"];
export type AgentState = S["AgentState"];
export type Role = S["Role"];
export type Permission = S["Permission"];
export type Me = S["Me"];
export type SignInLink = S["SignInLink"];
export type StaffSession = S["StaffSession"];
export type StaffSessions = S["StaffSessions"];
export type Today = S["MyToday"];
export type Colleagues = S["Colleagues"];
export type CannedReply = S["CannedReply"];
export type CannedReplies = S["CannedReplies"];

// ---------------------------------------------------------------- webhooks

export type EventType = S["EventType"];
export type Webhook = S["Webhook"];
export type Webhooks = S["Webhooks"];
export type WebhookWithSecret = S["WebhookWithSecret"];
export type DeliveryState = S["DeliveryState"];
export type Delivery = S["Delivery"];
export type Deliveries = S["Deliveries"];
export type DeliveryDetail = S["DeliveryDetail"];
export type Replayed = S["Replayed"];

// ---------------------------------------------------------------- panel

export type Panel = S["PanelView"];
export type IndicatorValues = S["Numbers"];
export type IndicatorKey = keyof IndicatorValues;
export type MinuteSeries = Exclude<keyof S["Minutes"], "from">;
export type Indicator = S["Reference"];
export type IndicatorConversations = S["Behind"];

// ---------------------------------------------------------------- sites, widget and hall

export type Hall = S["Hall"];
export type Site = S["Site"];
export type WidgetSession = S["WidgetSession"];
export type UploadedFile = S["UploadedFile"];
export type GoodsCard = S["GoodsCard"];
export type Goods = S["Goods"];
export type Plan = S["Plan"];
export type Catalogue = S["Catalogue"];
export type GoodsSearch = S["GoodsSearch"];
export type Suggestion = S["Suggestion"];
export type Suggestions = S["Suggestions"];
