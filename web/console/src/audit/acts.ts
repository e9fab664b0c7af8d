/** What was done, as the words of the page put it together: `verb.<verb>` with `thing.<thing>`. */
export interface Act {
  verb: string;
  thing: string;
}

/** Operations whose last word says what was done. */
const byWord = new Map([
  ["apply", "apply"],
  ["deliveries", "replay"],
  ["judgements", "judge"],
  ["learn", "learn"],
  ["link", "link"],
  ["options", "prepare"],
  ["options-to-prove", "prepare"],
  ["publish", "publish"],
  ["recount", "recount"],
  ["replay", "replay"],
  ["restore", "restore"],
  ["retry", "retry"],
  ["search", "look"],
  ["secret", "renew"],
  ["settle", "settle"],
  ["test", "test"],
]);

/** Operations that no rule describes. */
const own = new Map<string, Act>([
  ["POST /auth/sessions", { verb: "sign_in", thing: "password" }],
  ["POST /auth/links/redeem", { verb: "use", thing: "link" }],
  ["POST /auth/recoveries", { verb: "ask", thing: "recovery_link" }],
  ["POST /auth/passkey-sessions", { verb: "sign_in", thing: "passkey" }],
  ["POST /auth/second-step", { verb: "sign_in", thing: "second_step_code" }],
  ["POST /auth/second-step/passkey", { verb: "sign_in", thing: "second_step_passkey" }],
  ["POST /auth/second-step/setup/confirm", { verb: "sign_in", thing: "second_step_new" }],
  ["DELETE /auth/sessions/current", { verb: "sign_out", thing: "browser" }],
  ["DELETE /auth/sessions/{id}", { verb: "end", thing: "session" }],
  ["POST /auth/single-sign-on/finish", { verb: "sign_in", thing: "single-sign-on" }],
  ["PUT /me/password", { verb: "change", thing: "own_password" }],
  ["POST /me/proof", { verb: "prove", thing: "identity" }],
  ["POST /me/recovery-codes", { verb: "make", thing: "recovery-codes" }],
  ["POST /me/second-step", { verb: "prepare", thing: "second-step" }],
  ["PUT /me/second-step", { verb: "switch_on", thing: "second-step" }],
  ["DELETE /me/second-step", { verb: "switch_off", thing: "second-step" }],
  ["DELETE /staff/{id}/second-step", { verb: "switch_off", thing: "second_step_of_staff" }],
  ["POST /me/view", { verb: "look", thing: "view" }],
  ["DELETE /me/view", { verb: "end", thing: "view_end" }],
  ["DELETE /staff/{id}", { verb: "remove", thing: "staff" }],
  ["DELETE /staff/{id}/sessions/{session}", { verb: "end", thing: "session" }],
  ["POST /staff-invitations", { verb: "invite", thing: "people" }],
  ["POST /staff-invitations/preview", { verb: "look", thing: "invitations" }],
  ["DELETE /single-sign-on", { verb: "remove", thing: "single-sign-on" }],
  ["POST /single-sign-on/emergency-link", { verb: "make", thing: "emergency_link" }],
  ["POST /company/sites/{id}/secrets", { verb: "add", thing: "site_secret" }],
  ["DELETE /company/sites/{id}/secrets/{kid}", { verb: "delete", thing: "site_secret" }],
  ["POST /alerts/acknowledge", { verb: "look", thing: "attack_sign" }],
  ["POST /conversation-transfers", { verb: "transfer", thing: "conversation_transfers" }],
  ["POST /conversations/{id}/interventions", { verb: "take", thing: "intervention" }],
  ["PUT /staff/{id}/state", { verb: "change", thing: "member_state" }],
  ["PUT /floor/settings", { verb: "change", thing: "floor_settings" }],
  ["POST /staff-announcements/{id}/read", { verb: "look", thing: "staff-announcements" }],
  ["PUT /conversations/{id}/block", { verb: "block", thing: "blocked_visitor" }],
  ["DELETE /conversations/{id}/block", { verb: "unblock", thing: "blocked_visitor" }],
  ["DELETE /visitor-blocks/{id}", { verb: "unblock", thing: "blocked_visitor" }],
  ["POST /mentions/seen", { verb: "look", thing: "mentions" }],
  ["POST /lessons/{lesson}/finish", { verb: "look", thing: "lessons" }],
  ["POST /practice-exercises/{key}/begin", { verb: "look", thing: "lessons" }],
  ["POST /practice-run/leave", { verb: "look", thing: "lessons" }],
  ["PUT /audit/retention", { verb: "change", thing: "audit_retention" }],
  ["POST /erasures", { verb: "ask", thing: "erasure" }],
  ["POST /erasures/{id}/confirm", { verb: "confirm", thing: "erasure" }],
  ["POST /erasures/{id}/decline", { verb: "refuse", thing: "erasure" }],
  ["PUT /erasures/settings", { verb: "change", thing: "erasure_settings" }],
  ["POST /company/archive", { verb: "make", thing: "archive" }],
  ["DELETE /company/archive", { verb: "delete", thing: "archive" }],
  ["GET /company/archive/file", { verb: "export", thing: "archive" }],
  ["PUT /retention", { verb: "change", thing: "retention" }],
  ["POST /customer/closure", { verb: "end", thing: "own_account" }],
  ["yingda person erase", { verb: "begin", thing: "erasure" }],
  ["DELETE /tokens/{id}", { verb: "revoke", thing: "tokens" }],
  ["token.refused", { verb: "refuse", thing: "tokens" }],
  ["POST /customer/sessions", { verb: "sign_in", thing: "password" }],
  ["DELETE /customer/sessions/current", { verb: "sign_out", thing: "browser" }],
  ["DELETE /customer/sessions/{id}", { verb: "end", thing: "session" }],
  ["POST /customer/registrations/confirm", { verb: "add", thing: "own_account" }],
  ["POST /customer/recoveries/redeem", { verb: "change", thing: "own_password" }],
  ["PUT /customer/password", { verb: "change", thing: "own_password" }],
  ["POST /customer/identifiers/confirm", { verb: "change", thing: "own_identifier" }],
  ["PATCH /customer", { verb: "change", thing: "own_profile" }],
  ["PUT /widget/consents", { verb: "change", thing: "consents" }],
  ["PUT /customer/consents", { verb: "change", thing: "consents" }],
  ["PUT /consents/settings", { verb: "change", thing: "consent_settings" }],
  ["GET /people/{id}/copy", { verb: "export", thing: "person_copy" }],
  ["PUT /widget/recommendations", { verb: "change", thing: "recommendation_choice" }],
  ["POST /widget/sessions", { verb: "refuse", thing: "identity_token" }],
  ["POST /knowledge/evaluations", { verb: "begin", thing: "evaluation" }],
  ["POST /knowledge/publish", { verb: "publish", thing: "knowledge" }],
  ["POST /knowledge/yesterday", { verb: "add", thing: "tests" }],
  ["POST /goods-imports", { verb: "prepare", thing: "goods-imports" }],
  ["POST /goods-pictures", { verb: "add", thing: "picture" }],
  ["POST /conversations/{id}/contacts/reveal", { verb: "reveal", thing: "contact" }],
  ["PUT /customers/{id}/labels", { verb: "change", thing: "customer_labels" }],
  ["POST /customers/{id}/merge", { verb: "add", thing: "customer_merge" }],
  ["DELETE /customers/{id}/merge", { verb: "delete", thing: "customer_merge" }],
  ["POST /customers/{id}/contacts/reveal", { verb: "reveal", thing: "contact" }],
  ["POST /conversations/{id}/numbers/reveal", { verb: "reveal", thing: "hidden_numbers" }],
  ["PATCH /left-messages/{id}", { verb: "change", thing: "left-messages" }],
  ["PATCH /rating-comments/{id}", { verb: "change", thing: "rating-comments" }],
  ["yingda admin sign-in-link", { verb: "link", thing: "staff" }],
  ["yingda admin add-staff", { verb: "add", thing: "staff" }],
  ["yingda admin reset-second-step", { verb: "switch_off", thing: "second_step_of_staff" }],
  ["yingda admin new-generation", { verb: "begin", thing: "generation" }],
  ["yingda warehouse rebuild", { verb: "recount", thing: "numbers" }],
  ["yingda company add", { verb: "open", thing: "whole_company" }],
  ["yingda company suspend", { verb: "suspend", thing: "whole_company" }],
  ["yingda company resume", { verb: "resume", thing: "whole_company" }],
  ["yingda company limit", { verb: "change", thing: "company_limits" }],
  ["yingda operator sign-in-link", { verb: "make", thing: "operator_link" }],
  ["POST /operator/sessions", { verb: "sign_in", thing: "operator_link" }],
  ["DELETE /operator/sessions/current", { verb: "sign_out", thing: "operator_session" }],
  ["PATCH /operator/companies/{id}/limits", { verb: "change", thing: "company_limits" }],
  ["PUT /operator/companies/{id}/suspension", { verb: "change", thing: "company_suspension" }],
  ["company.opened", { verb: "open", thing: "whole_company" }],
  ["POST /knowledge/templates", { verb: "add", thing: "template" }],
  ["yingda token create", { verb: "add", thing: "tokens" }],
  ["yingda token revoke", { verb: "revoke", thing: "tokens" }],
  ["yingda backup", { verb: "take", thing: "backup" }],
]);

const byMethod = new Map([
  ["GET", "look"],
  ["POST", "add"],
  ["PUT", "change"],
  ["PATCH", "change"],
  ["DELETE", "delete"],
]);

/** Areas whose second word says what it is about. */
const deep: readonly string[] = ["knowledge", "company", "me", "metrics"];

/** Names in addresses that mean what others mean. */
const sameThing = new Map([
  ["graph-units", "graph"],
  ["warehouse", "numbers"],
  ["metrics", "numbers"],
  ["response-times", "response_times"],
]);

/** What an operation of the API or a command did; null for one that this page has no words for. */
export function actOf(operation: string): Act | null {
  const named = operation.replace(" /api/v1/", " /");
  const known = own.get(named);
  if (known) return known;
  const [method = "", path = ""] = named.split(" ");
  const words = path
    .replace(/\.(csv|ndjson)$/, "")
    .split("/")
    .filter((word) => word !== "" && !word.startsWith("{"));
  const [first, second] = words;
  const last = words.at(-1);
  if (!first || !last) return null;
  const isExport =
    method === "GET" && (last.endsWith("export") || path.includes("metrics") || first === "response-times");
  const byLast = words.length > 1 ? byWord.get(last) : undefined;
  const verb = isExport ? "export" : last.endsWith("import") ? "import" : (byLast ?? byMethod.get(method));
  if (!verb) return null;
  const about =
    deep.includes(first) && second && second !== "export" && second !== "import" && second !== "conversations"
      ? second
      : first;
  const thing = about.replace(/-(export|import)$/, "");
  return { verb, thing: sameThing.get(thing) ?? thing };
}
