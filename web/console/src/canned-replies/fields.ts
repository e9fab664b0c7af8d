import type { CannedReply } from "@yingda/api/types";
import type { CannedReplyFields } from "./queries";

export type FieldName = "shortcode" | "title" | "zh" | "en";
export type Faults = Partial<Record<FieldName, "shortcode_rule" | "title_missing" | "body_missing">>;

export const fieldsOf = (reply: CannedReply | null): CannedReplyFields => ({
  shortcode: reply?.shortcode ?? "",
  title: reply?.title ?? "",
  body: { zh: reply?.body.zh ?? "", en: reply?.body.en ?? "" },
});

const shortcodeRule = /^[a-z0-9_-]{1,40}$/;

/** What the server would refuse, reported before it is asked. */
export function faultsOf(fields: CannedReplyFields): Faults {
  const faults: Faults = {};
  if (!shortcodeRule.test(fields.shortcode)) faults.shortcode = "shortcode_rule";
  if (fields.title.trim() === "") faults.title = "title_missing";
  if (fields.body.zh.trim() === "" && fields.body.en.trim() === "") faults.zh = "body_missing";
  return faults;
}

/** The form's field for the field name in the server's answer. */
export function fieldNamed(name: string | undefined): FieldName | null {
  if (name === "shortcode" || name === "title") return name;
  if (name === "body.en") return "en";
  return name === "body" || name === "body.zh" ? "zh" : null;
}
