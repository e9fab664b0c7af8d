import { type AnyCode, Problem } from "@yingda/api/client";
import { ownOf } from "@yingda/api/own";
import type early from "../../locales/en/failure.json";
import type words from "../../locales/en/problem.json";
import { useTranslation } from "react-i18next";

/** What can be refused before signing in is told in the locale file `failure`, everything else in `problem`. */
const files = ["failure", "problem"];

/** A key of one of these files, without its prefix. */
type Text = keyof (typeof words & typeof early) extends infer K
  ? K extends `code.${infer Name}`
    ? Name
    : never
  : never;

/**
 * The text that says why something was refused, for every code of the server's closed list and those the page produces itself. Several codes may share a text.
 */
const texts: Record<AnyCode, Text> = {
  bad_request: "bad_request",
  malformed_json: "bad_request",
  unknown_field: "reload",
  missing_field: "missing_field",
  invalid_value: "invalid_value",
  too_large: "too_large",
  unsupported_media_type: "unsupported_media_type",
  method_not_allowed: "bad_request",
  cross_site: "cross_site",
  idempotency_key_invalid: "bad_request",
  idempotency_key_reused: "idempotency_key_reused",
  too_many_requests: "too_many_requests",
  internal: "internal",
  busy: "busy",
  cursor_expired: "not_found",
  not_found: "not_found",
  not_permitted: "not_permitted",
  not_signed_in: "not_signed_in",
  signed_out: "not_signed_in",
  token_expired: "not_signed_in",
  no_access: "no_access",
  conflict: "conflict",
  sign_in_failed: "sign_in_failed",
  company_required: "company_required",
  password_required: "password_required",
  password_wrong: "password_wrong",
  password_too_short: "password_too_short",
  password_too_long: "password_too_long",
  password_too_common: "password_too_common",
  password_holds_identifier: "password_holds_identifier",
  puzzle_required: "too_many_requests",
  puzzle_refused: "too_many_requests",
  link_unknown: "link_unknown",
  link_spent: "link_spent",
  link_expired: "link_expired",
  code_wrong: "link_unknown",
  code_spent: "link_spent",
  code_expired: "link_expired",
  identifier_invalid: "email_invalid",
  address_unsendable: "address_unsendable",
  country_not_served: "invalid_value",
  text_messages_used_up: "too_many_requests",
  text_empty: "missing_field",
  text_too_long: "text_too_long",
  text_unacceptable: "text_unacceptable",
  unacceptable: "text_unacceptable",
  score_out_of_range: "invalid_value",
  product_unknown: "not_found",
  client_id_reused: "client_id_reused",
  use: "conflict",
  conversation_closed: "conversation_closed",
  bot_superseded: "conflict",
  already_requested: "conflict",
  closed: "conflict",
  already_served: "already_taken",
  too_many_left: "too_many_requests",
  not_queued: "not_queued",
  already_taken: "already_taken",
  at_capacity: "at_capacity",
  not_yours: "not_yours",
  not_active: "not_active",
  already_there: "already_there",
  already_ended: "conversation_closed",
  not_ended: "conflict",
  ended_by_customer: "ended_by_customer",
  not_an_answer: "conflict",
  already_judged: "conflict",
  transfer_target_unknown: "transfer_target_unknown",
  transfer_target_not_free: "transfer_target_not_free",
  site_unknown: "not_found",
  device_revoked: "not_signed_in",
  ticket_refused: "not_signed_in",
  identity_invalid: "not_signed_in",
  identity_key_unknown: "not_signed_in",
  identity_expired: "not_signed_in",
  identity_replayed: "not_signed_in",
  identity_audience: "not_signed_in",
  identity_required: "not_signed_in",
  too_many_sessions: "too_many_requests",
  upgrade_required: "reload",
  too_many_streams: "too_many_requests",
  bad_range: "bad_request",
  hello_expected: "bad_request",
  bad_frame: "bad_frame",
  binary_frame: "bad_request",
  frame_too_large: "text_too_long",
  too_fragmented: "text_too_long",
  too_fast: "too_many_requests",
  too_many_connections: "too_many_requests",
  moving: "busy",
  lost: "no_access",
  not_followed: "no_access",
  upload_empty: "upload_empty",
  upload_refused: "upload_refused",
  too_many_files: "too_many_files",
  files_full: "files_full",
  email_invalid: "email_invalid",
  email_taken: "email_taken",
  name_deceptive: "name_deceptive",
  last_administrator: "last_administrator",
  already_joined: "already_joined",
  member_disabled: "member_disabled",
  group_name_taken: "group_name_taken",
  group_in_use: "group_in_use",
  role_name_taken: "role_name_taken",
  role_in_use: "role_in_use",
  too_many_roles: "too_many_roles",
  department_name_taken: "department_name_taken",
  department_circle: "department_circle",
  departments_too_deep: "departments_too_deep",
  too_many_departments: "too_many_departments",
  member_removed: "member_removed",
  queue_name_taken: "queue_name_taken",
  queue_in_use: "queue_in_use",
  queue_needs_member: "queue_needs_member",
  site_key_taken: "site_key_taken",
  site_in_use: "site_in_use",
  last_site: "last_site",
  origin_invalid: "origin_invalid",
  too_many_site_secrets: "too_many_site_secrets",
  interval_ends_before_it_begins: "interval_ends_before_it_begins",
  intervals_overlap: "intervals_overlap",
  time_zone_unknown: "time_zone_unknown",
  canned_reply_shortcode_taken: "canned_reply_shortcode_taken",
  too_many_webhooks: "too_many_webhooks",
  webhook_disabled: "webhook_disabled",
  delivery_not_dead: "delivery_not_dead",
  too_many_wall_links: "too_many_wall_links",
  too_many_boards: "too_many_boards",
  category_unknown: "category_unknown",
  category_in_use: "category_in_use",
  too_many_categories: "too_many_categories",
  picture_unknown: "picture_unknown",
  picture_unreadable: "picture_unreadable",
  picture_too_large: "picture_too_large",
  too_many_pictures: "too_many_pictures",
  import_unreadable: "import_unreadable",
  import_no_rows: "import_no_rows",
  import_no_columns: "import_no_columns",
  import_column_twice: "import_column_twice",
  import_too_many: "import_too_many",
  import_too_large_unpacked: "import_too_large_unpacked",
  import_bad: "import_bad",
  import_outdated: "import_outdated",
  import_running: "import_running",
  too_many_imports: "too_many_imports",
  knowledge_category_taken: "knowledge_category_taken",
  knowledge_category_in_use: "knowledge_category_in_use",
  knowledge_full: "knowledge_full",
  knowledge_entry_heavy: "knowledge_entry_heavy",
  knowledge_heavy: "knowledge_heavy",
  knowledge_file: "knowledge_file",
  knowledge_rows: "knowledge_rows",
  knowledge_too_many: "knowledge_too_many",
  knowledge_tests_full: "knowledge_tests_full",
  knowledge_test_taken: "knowledge_test_taken",
  knowledge_no_tests: "knowledge_no_tests",
  knowledge_check_running: "knowledge_check_running",
  knowledge_unchanged: "knowledge_unchanged",
  knowledge_incomplete: "knowledge_incomplete",
  knowledge_unchecked: "knowledge_unchecked",
  knowledge_worse: "knowledge_worse",
  knowledge_version_live: "knowledge_version_live",
  synonym_elsewhere: "synonym_elsewhere",
  synonyms_full: "synonyms_full",
  too_many_plans: "too_many_plans",
  second_step_wrong: "second_step_wrong",
  second_step_over: "second_step_over",
  second_step_required: "second_step_required",
  second_step_on: "conflict",
  proof_required: "proof_required",
  passkey_refused: "passkey_refused",
  passkeys_unavailable: "passkeys_unavailable",
  too_many_passkeys: "too_many_passkeys",
  passkey_known: "passkey_known",
  network: "network",
  choose_again: "choose_again",
};

const textOf = (code: string): Text | undefined => ownOf<Text>(texts, code);

export const isProblem = (error: unknown, code?: string): error is Problem =>
  error instanceof Problem && (code === undefined || error.code === code);

/** Says in the reader's language why something was refused. Accepts an error or the code itself. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation(files, { nsMode: "fallback" });
  return (error) => {
    const code = error instanceof Problem ? error.code : typeof error === "string" ? error : "internal";
    const about = error instanceof Problem ? error.names?.[0] : undefined;
    const name = (i18n.language === "en" ? about?.en || about?.zh : about?.zh || about?.en) ?? "";
    return t(`code.${textOf(code) ?? "internal"}`, { name });
  };
}

/** The same, for use beside a retry button: only what happened. */
export function useFailureText(): (error: unknown) => string {
  const { t } = useTranslation("failure");
  const text = useProblemText();
  return (error) =>
    error instanceof Problem && error.code !== "internal" && textOf(error.code) !== undefined
      ? text(error)
      : t("failed");
}

export { texts as problemTexts };
