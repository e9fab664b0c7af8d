import type { ConversationStateName, Entry } from "./types";

/** Who has a conversation; none if it has ended, or if an entry does not tell. */
export type Owner = "bot" | "queue" | "agent" | "none";

/** The kinds that occur in a company's own stream: something of its content changed. */
export type CompanyKind = Exclude<Extract<Entry["kind"], `${string}_changed`>, "state_changed"> | "knowledge_published";
export const isOfCompany = (kind: string): kind is CompanyKind =>
  kind === "knowledge_published" || (kind.endsWith("_changed") && kind !== "state_changed");
/** The kinds that occur in a conversation. */
export type ConversationKind = Exclude<
  Entry["kind"],
  CompanyKind | "current" | "moved" | "released" | "state_changed" | "enter" | "leave"
>;
export type EntryOf<K extends Entry["kind"]> = Extract<Entry, { kind: K }>;

/** A text of the reader's own package by its key, the values it names, and how it stands out from other lines. */
export type Words = readonly [key: string, values?: Readonly<Record<string, string | number>>, look?: string];
/** What is written in two languages, in that of the reader. */
export type Say = (text: { zh: string; en: string }) => string;
/** How a reader sees an entry: as a line with these words, or drawn by code of its own. `me` is the agent who reads, in the language of `say`. */
type Line<E> = "own" | ((e: E, me?: string, say?: Say) => Words);
export type Reader = "desk" | "chat" | "hall";

export interface Kind<E> extends Partial<Record<Reader, Line<E>>> {
  /** The state in which the entry leaves the conversation, if it changes that. */
  state?: ConversationStateName | ((e: E) => ConversationStateName);
  /** Who had the conversation before the entry, if it tells. */
  before?: Owner | ((e: E) => Owner | undefined);
}

export const name = (e: Entry): string => e.by.name ?? "";
export const named =
  (key: string) =>
  (e: Entry): Words => [key, { name: name(e) }];
export const plain =
  (...words: Words) =>
  (): Words =>
    words;
