import type { Me, Permission } from "@yingda/api/types";
import type { Chapter } from "../handbook/names";
import type { Page } from "../shell/areas";

/** A part of the handbook, by its heading, which is the text `help:section.<heading>`. */
export interface Section {
  chapter: Chapter;
  heading: string;
  /** The permission without which it says nothing that its reader could do. */
  needs?: Permission;
}

const agent = (heading: string): Section => ({ chapter: "agent", heading });
const manager = (heading: string, needs?: Permission): Section => ({
  chapter: "manager",
  heading,
  ...(needs ? { needs } : {}),
});
const administrator = (heading: string, needs?: Permission): Section => ({
  chapter: "administrator",
  heading,
  ...(needs ? { needs } : {}),
});

/** What the handbook says about each page, the most important first; a part includes the smaller ones below it. */
export const sections: Record<Page["id"], readonly [Section, ...Section[]]> = {
  floor: [manager("supervise"), manager("follow")],
  live: [manager("live"), manager("behind")],
  wall: [manager("wall")],
  desk: [
    agent("serve"),
    agent("start_serving"),
    agent("resolve"),
    agent("aside"),
    agent("transfer"),
    agent("hand_back"),
    agent("quote"),
    agent("labels"),
    agent("call"),
    agent("block"),
  ],
  alerts: [agent("alerts")],
  queues: [agent("start_serving")],
  left: [agent("left_messages")],
  answers: [agent("teach"), manager("teach_all", "knowledge.edit")],
  synonyms: [agent("words")],
  graph: [agent("words")],
  embeddings: [administrator("embeddings")],
  recommendations: [manager("recommendations")],
  canned_replies: [agent("canned"), manager("canned_all", "knowledge.edit")],
  history: [manager("history"), manager("behind")],
  bot_report: [manager("bot_results")],
  boards: [manager("boards")],
  goods: [agent("goods")],
  plans: [agent("plans")],
  start: [administrator("first_quarter"), administrator("chat_on_page")],
  people: [administrator("people_groups"), manager("people")],
  groups: [administrator("people_groups")],
  departments: [administrator("people_groups")],
  roles: [administrator("people_groups")],
  sign_in_rules: [administrator("signed_in")],
  single_sign_on: [administrator("single_sign_on")],
  queue_settings: [administrator("queues_hours")],
  skills: [administrator("skills"), administrator("who_gets")],
  question_kinds: [administrator("asking_first")],
  floor_settings: [administrator("supervision_rules")],
  visitor_blocks: [agent("block")],
  sites: [administrator("chat_on_page"), administrator("company_sites")],
  company: [administrator("company_sites")],
  labels: [administrator("labels_set")],
  webhooks: [administrator("webhooks")],
  tokens: [administrator("tokens")],
  audit: [administrator("audit")],
  privacy: [manager("erase")],
  jobs: [manager("jobs")],
  response_times: [manager("response_times")],
  announcements: [manager("announcements")],
  practice: [agent("practise"), agent("learn")],
  training: [agent("learn"), manager("training", "people.manage")],
  sessions: [agent("sign_in")],
  handbook: [agent("learn")],
};

/** What the handbook says to somebody about a page; about no page in particular, how the console is learned. */
export const sectionsOf = (page: Page["id"] | null, { permissions }: Pick<Me, "permissions">): readonly Section[] =>
  (page ? sections[page] : sections.training).filter(({ needs }) => needs === undefined || permissions.includes(needs));

/** The part of a text below a heading, with it: up to the next heading of its level or above. Undefined if there is no such heading. */
export function sectionIn(text: string, heading: string): string | undefined {
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line === `## ${heading}` || line === `### ${heading}`);
  const first = lines[from];
  if (first === undefined) return undefined;
  const ends = first.startsWith("###") ? /^#{1,3} / : /^#{1,2} /;
  const length = lines.slice(from + 1).findIndex((line) => ends.test(line));
  return lines
    .slice(from, length === -1 ? undefined : from + 1 + length)
    .join("\n")
    .trim();
}
