import { expect, it } from "vitest";
import type { components } from "../src/schema";
import type * as t from "../src/types";

/**
 * types.ts is written for readers: closed unions, `null` instead of "perhaps absent". schema.ts is generated from the server. This file
 * does not compile when a field of one is missing in the other.
 */
type Schemas = components["schemas"];
type Differs<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
type Same<A, B> = [Differs<A, B>] extends [never] ? true : Differs<A, B>;

interface Pairs {
  Bilingual: t.Bilingual;
  CannedReply: t.CannedReply;
  Catalogue: t.Catalogue;
  Colleagues: t.Colleagues;
  ConversationDetail: t.ConversationDetail;
  ConversationState: t.ConversationState;
  ConversationView: t.Conversation;
  EpisodeView: t.Episode;
  Goods: t.Goods;
  GoodsCard: t.GoodsCard;
  GoodsSearch: t.GoodsSearch;
  Hall: t.Hall;
  Mark: t.Mark;
  Me: t.Me;
  MyToday: t.Today;
  NowView: t.Panel["now"];
  PanelView: t.Panel;
  Plan: t.Plan;
  RatingView: t.Rating;
  SignInLink: t.SignInLink;
  Site: t.Site;
  StaffSession: t.StaffSession;
  Suggestion: t.Suggestion;
  UploadedFile: t.UploadedFile;
  WidgetSession: t.WidgetSession;
}
const pairs: { [K in keyof Pairs]: Same<Schemas[K], Pairs[K]> } = {
  Bilingual: true,
  CannedReply: true,
  Catalogue: true,
  Colleagues: true,
  ConversationDetail: true,
  ConversationState: true,
  ConversationView: true,
  EpisodeView: true,
  Goods: true,
  GoodsCard: true,
  GoodsSearch: true,
  Hall: true,
  Mark: true,
  Me: true,
  MyToday: true,
  NowView: true,
  PanelView: true,
  Plan: true,
  RatingView: true,
  SignInLink: true,
  Site: true,
  StaffSession: true,
  Suggestion: true,
  UploadedFile: true,
  WidgetSession: true,
};

type Name = t.ServerFrame["t"];
type Of<F, N> = Extract<F, { t: N }>;
const frames: { [N in Name]: Of<Schemas["ServerFrame"], N> extends never ? "not in the schema" : true } = {
  welcome: true,
  ok: true,
  no: true,
  busy: true,
  entries: true,
  reset: true,
  page: true,
  gone: true,
  marks: true,
  summary: true,
  lists: true,
  place: true,
  typing: true,
  presence: true,
  panel: true,
  pong: true,
};
const unknown: Exclude<Schemas["ServerFrame"]["t"], Name>[] = [];

it("types.ts and the server's schema name the same fields and frames", () => {
  expect(Object.values(pairs).every(Boolean)).toBe(true);
  expect(Object.values(frames).every(Boolean)).toBe(true);
  expect(unknown).toEqual([]);
});
