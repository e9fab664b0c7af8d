import { type AnyCode, Problem } from "@yingda/api/client";
import { ownOf } from "@yingda/api/own";
import { useTranslation } from "react-i18next";

/**
 * What can be refused before signing in is told in the locale file `failure`, everything else in `problem`, to which the build adds what features say in their
 * own files (`problem.<code>`).
 */
const files = ["failure", "problem"];

/** The codes of the server's closed list, and those the page produces itself, that share a text with others. The rest have one of their own name. */
const shared = {
  malformed_json: "bad_request",
  unknown_field: "reload",
  method_not_allowed: "bad_request",
  idempotency_key_invalid: "bad_request",
  token_unknown: "not_signed_in",
  token_revoked: "not_signed_in",
  token_elsewhere: "not_signed_in",
  people_only: "not_permitted",
  cursor_expired: "not_found",
  signed_out: "not_signed_in",
  token_expired: "not_signed_in",
  puzzle_required: "too_many_requests",
  puzzle_refused: "too_many_requests",
  code_wrong: "link_unknown",
  code_spent: "link_spent",
  code_expired: "link_expired",
  identifier_invalid: "email_invalid",
  country_not_served: "invalid_value",
  text_messages_used_up: "too_many_requests",
  text_empty: "missing_field",
  unacceptable: "text_unacceptable",
  score_out_of_range: "invalid_value",
  product_unknown: "not_found",
  use: "conflict",
  bot_superseded: "conflict",
  already_requested: "conflict",
  closed: "conflict",
  already_served: "already_taken",
  too_many_left: "too_many_requests",
  already_ended: "conversation_closed",
  not_ended: "conflict",
  not_an_answer: "conflict",
  already_judged: "conflict",
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
  binary_frame: "bad_request",
  frame_too_large: "text_too_long",
  too_fragmented: "text_too_long",
  too_fast: "too_many_requests",
  too_many_connections: "too_many_requests",
  moving: "busy",
  lost: "no_access",
  not_followed: "no_access",
  second_step_on: "conflict",
} as const satisfies Partial<Record<AnyCode, string>>;

/** The text of a code; a test asks that each has one in both languages. */
export const textOf = (code: AnyCode): string => ownOf<string>(shared, code) ?? code;

export const isProblem = (error: unknown, code?: string): error is Problem =>
  error instanceof Problem && (code === undefined || error.code === code);

/** Says in the reader's language why something was refused. Accepts an error or the code itself. */
export function useProblemText(): (error: unknown) => string {
  const { t, i18n } = useTranslation(files, { nsMode: "fallback" });
  return (error) => {
    const code = error instanceof Problem ? error.code : typeof error === "string" ? error : "internal";
    const about = error instanceof Problem ? error.names?.[0] : undefined;
    const name = (i18n.language === "en" ? about?.en || about?.zh : about?.zh || about?.en) ?? "";
    const said = textOf(code as AnyCode);
    // A newer server may send a code that is not known here.
    return t(`code.${i18n.exists(`code.${said}`, { ns: files }) ? said : "internal"}`, { name });
  };
}

/** The same, for use beside a retry button: only what happened. */
export function useFailureText(): (error: unknown) => string {
  const { t } = useTranslation("failure");
  const text = useProblemText();
  return (error) => {
    const said = text(error);
    return error instanceof Problem && said !== text("internal") ? said : t("failed");
  };
}
