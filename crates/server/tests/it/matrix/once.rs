//! The same `Idempotency-Key` twice on every operation that changes something: one effect, one answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};
use testkit::eventually;
use testkit_server::{Answer, Client};

use super::{
    document::{Operation, operations},
    house::House,
};

/// Operations that take no key: signing out, a new password, what makes a secret or a challenge or takes the answer to one, uploads, what reveals a contact or a number, samples, which may be counted twice, and counting a day again, which is one run until that ends. A key belongs to the signed-in user, so operations that need no sign-in take none
/// either.
const WITHOUT: &[&str] = &[
    "DELETE /api/v1/auth/sessions/current",
    "PUT /api/v1/me/password",
    "POST /api/v1/me/proof",
    "POST /api/v1/me/second-step",
    "PUT /api/v1/me/second-step",
    "POST /api/v1/me/recovery-codes",
    "POST /api/v1/me/passkeys",
    "POST /api/v1/me/passkeys/options",
    "POST /api/v1/me/passkeys/options-to-prove",
    "POST /api/v1/files",
    "POST /api/v1/response-times",
    "POST /api/v1/warehouse/days/{day}/recount",
    "POST /api/v1/knowledge/import",
    "POST /api/v1/knowledge/synonyms-import",
    "POST /api/v1/knowledge/graph-import",
    "POST /api/v1/goods-imports",
    "POST /api/v1/staff-invitations/preview",
    "POST /api/v1/conversations/{id}/contacts/reveal",
    "POST /api/v1/conversations/{id}/numbers/reveal",
    "POST /api/v1/goods-pictures",
];
/// It takes a key, but puts the session into another role, in which the same request is another one and refused.
const INTO_ANOTHER_ROLE: &str = "POST /api/v1/me/view";
/// The customers' operations that take a key. The rest sign in or out, send a code, or take one that is used once.
const OF_CUSTOMERS: &[&str] = &["PATCH /api/v1/customer", "DELETE /api/v1/customer/sessions/{id}"];

fn takes_none(operation: &Operation) -> bool {
    let (name, is_customers) = (operation.name(), operation.path == "/api/v1/customer" || operation.path.starts_with("/api/v1/customer/"));
    operation.method.is_safe()
        || !operation.is_signed_in
        || operation.says_no_key
        || WITHOUT.contains(&name.as_str())
        || is_customers && !OF_CUSTOMERS.contains(&name.as_str())
}
/// What jobs change by themselves.
const BY_JOBS: &[&str] = &[
    "feed_positions",
    "job_turns",
    "message_days",
    "webhook_streams",
    "webhook_attempts",
    "knowledge_runs",
    "recommendation_signals",
    "recommendation_models",
];
const COLUMNS_BY_JOBS: &[&str] = &["lease_node", "lease_until", "attempts", "first_at", "due_at", "last_code", "ended_at", "died_at"];

/// The whole record as text, table by table.
pub async fn record(house: &House) -> BTreeMap<String, Vec<String>> {
    let mut conn = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(house.app.data().join("yingda.db")).read_only(true)).await.unwrap();
    let tables: Vec<(String,)> =
        sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetch_all(&mut conn).await.unwrap();
    let mut record = BTreeMap::new();
    for (table,) in tables.into_iter().filter(|(table,)| !BY_JOBS.contains(&table.as_str())) {
        let columns: Vec<(String,)> = sqlx::query_as("SELECT name FROM pragma_table_info($1)").bind(&table).fetch_all(&mut conn).await.unwrap();
        let mut quoted: Vec<String> =
            columns.into_iter().filter(|(name,)| !COLUMNS_BY_JOBS.contains(&name.as_str())).map(|(name,)| format!("quote({name})")).collect();
        if ["webhook_deliveries", "jobs"].contains(&table.as_str()) {
            quoted.retain(|column| column != "quote(state)");
        }
        let sql = format!("SELECT {} AS row FROM {table} ORDER BY 1", quoted.join(" || ',' || "));
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut conn).await.unwrap();
        record.insert(table, rows.iter().map(|row| row.get("row")).collect());
    }
    record
}

async fn ask(who: &Client, operation: &Operation, path: &str, body: &serde_json::Value) -> Answer {
    let request = who.request(operation.method.clone(), path).header("Idempotency-Key", "the-same");
    who.send(if operation.body.is_some() { request.json(body) } else { request }).await
}

/// The kind of the entry that notifies subscribers to the company's stream, by the beginning of the operation's path, where the operation does not say it itself
/// (`x-announces`); the longest match counts. (The house has no unanswered question, so nothing is settled.)
const ANNOUNCED: &[(&str, Option<&str>)] = &[
    ("address-rules", Some("settings_changed")),
    ("alerts", Some("alerts_changed")),
    ("audit", Some("settings_changed")),
    ("auth", None),
    ("boards", Some("boards_changed")),
    ("bot-answers", None),
    ("canned-replies", Some("canned_replies_changed")),
    ("company", Some("settings_changed")),
    ("company/archive", None),
    ("consents", Some("settings_changed")),
    ("conversation-transfers", None),
    ("conversations", None),
    ("conversations/{id}/block", Some("settings_changed")),
    ("customer", None),
    ("dead-jobs", None),
    ("erasures", Some("settings_changed")),
    ("floor", Some("settings_changed")),
    ("goods", Some("catalogue_changed")),
    ("goods-categories", Some("catalogue_changed")),
    ("goods-currency", Some("catalogue_changed")),
    ("goods-imports", None),
    ("goods-imports/{id}/apply", Some("catalogue_changed")),
    ("knowledge/categories", Some("knowledge_changed")),
    ("knowledge/entries", Some("knowledge_changed")),
    ("knowledge/graph", Some("knowledge_published")),
    ("knowledge/graph-units", Some("knowledge_published")),
    ("knowledge/evaluations", Some("knowledge_changed")),
    ("knowledge/publish", Some("knowledge_published")),
    ("knowledge/suspects", Some("knowledge_changed")),
    ("knowledge/synonyms", Some("knowledge_published")),
    ("knowledge/tests", Some("knowledge_changed")),
    ("knowledge/templates", Some("knowledge_published")),
    ("knowledge/unanswered", None),
    ("knowledge/versions", Some("knowledge_published")),
    ("knowledge/yesterday", Some("knowledge_changed")),
    ("rating-comments", Some("left_messages_changed")),
    ("labels", Some("settings_changed")),
    ("left-messages", Some("left_messages_changed")),
    ("lessons", None),
    ("macros", Some("canned_replies_changed")),
    ("me", None),
    ("mentions", None),
    ("plans", Some("catalogue_changed")),
    ("practice-exercises", None),
    ("practice-run", None),
    ("question-kinds", Some("queues_changed")),
    ("queues", Some("queues_changed")),
    ("recommendations", Some("settings_changed")),
    ("recommendations/learn", None),
    ("retention", Some("settings_changed")),
    ("roles", Some("people_changed")),
    ("sign-in-rules", Some("settings_changed")),
    ("single-sign-on", Some("settings_changed")),
    ("single-sign-on/emergency-link", Some("people_changed")),
    ("skills", Some("queues_changed")),
    ("staff", Some("people_changed")),
    ("staff-announcements", Some("announcements_changed")),
    ("staff-announcements/{id}/read", None),
    ("staff-invitations", Some("people_changed")),
    ("staff/{id}/sessions", None),
    ("staff/{id}/state", None),
    ("tokens", None),
    ("visitor-blocks", Some("settings_changed")),
    ("wall-links", None),
    ("webhooks", None),
    ("widget", None),
];

/// Those of these kinds that a record has more entries of than before.
fn announced(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let count = |record: &BTreeMap<String, Vec<String>>, kind: &str| record["journal_entries"].iter().filter(|row| row.contains(&format!("'{kind}'"))).count();
    let said: Vec<String> = operations().into_iter().filter_map(|operation| operation.announces.flatten()).collect();
    let kinds: BTreeSet<&str> = ANNOUNCED.iter().filter_map(|(_, kind)| *kind).chain(said.iter().map(String::as_str)).collect();
    kinds.into_iter().filter(|kind| count(after, kind) > count(before, kind)).map(str::to_owned).collect()
}

/// Removing a member changes more than the list of people: boards and queues lose them, and left messages the one who took care of them.
const REMOVAL: (&str, [&str; 4]) = ("DELETE /api/v1/staff/{id}", ["boards_changed", "left_messages_changed", "people_changed", "queues_changed"]);

fn to_be_announced(operation: &Operation) -> Vec<String> {
    if operation.name() == REMOVAL.0 {
        return REMOVAL.1.map(str::to_owned).to_vec();
    }
    if let Some(kind) = &operation.announces {
        return kind.iter().cloned().collect();
    }
    let path = operation.path.strip_prefix("/api/v1/").unwrap();
    let fitting = ANNOUNCED.iter().filter(|(begins, _)| path.strip_prefix(begins).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    let (_, kind) = fitting.max_by_key(|(begins, _)| begins.len()).unwrap_or_else(|| panic!("{} is not in the list", operation.name()));
    kind.iter().map(|kind| (*kind).to_owned()).collect()
}

/// Whether the audit must record an operation: it records changes made by permission and to one's own access, but not other changes to one's own data.
fn is_audited(operation: &Operation) -> bool {
    let path = operation.path.strip_prefix("/api/v1/").unwrap();
    ["auth/sessions/{id}", "me/passkeys/{id}", "me/second-step", "me/view", "customer", "customer/sessions/{id}"].contains(&path)
        || !["auth/", "customer/", "me/", "lessons/", "mentions/", "practice-exercises/", "practice-run/", "staff-announcements/{id}/read/"]
            .iter()
            .any(|own| format!("{path}/").starts_with(own))
}

/// How many audit entries name an operation.
fn times_audited(record: &BTreeMap<String, Vec<String>>, operation: &Operation) -> usize {
    let said = format!("\"operation\":\"{}\"", operation.name());
    record["journal_entries"].iter().filter(|row| row.contains("'audited'") && row.contains(&said)).count()
}

#[tokio::test]
async fn the_same_key_twice_has_one_effect_on_every_operation_and_another_body_is_refused() {
    let mut tried = 0;
    for operation in operations().into_iter().filter(|operation| !takes_none(operation) && operation.name() != INTO_ANOTHER_ROLE) {
        let house = House::new().await;
        eventually("the bot has answered", async || record(&house).await["journal_entries"].iter().any(|row| row.contains("'bot'")).then_some(())).await;
        let (mut who, mut path) = (house.welcome(&operation).clone(), house.path(&operation));
        if path.contains("/auth/sessions/") {
            // One's own session among others: a second session of the same person ends the first.
            who = house.agent.with_cookie(&house.app.company.session(house.app.app().db(), house.agent_id).await);
            path = house.path(&operation);
        }
        if operation.name() == "DELETE /api/v1/company/archive" {
            // After the erasures that the house begins with.
            house.app.clock.advance(60_000);
            who.post(&path, json!({"passphrase": "correct horse battery"})).await.expect(202);
            let ended =
                eventually("there is an archive", async || Some(who.get(&path).await.expect(200)).filter(|archive| archive["state"] != "running")).await;
            assert_eq!(ended["state"], "ready", "{ended}");
        }
        if operation.name() == "DELETE /api/v1/conversations/{id}/block" {
            who.put(&path, json!({"reason": "insults"})).await.expect(200);
        }
        if operation.name() == "DELETE /api/v1/customers/{id}/merge" {
            who.post(&path, json!({"into": house.own.customer["id"]})).await.expect(200);
        }
        let body = if operation.body.is_some() { house.body(&operation) } else { json!(null) };
        let before = record(&house).await;
        let first = ask(&who, &operation, &path, &body).await;
        assert!(first.status.is_success(), "{}: {first:?}", operation.name());
        assert!(first.headers.get("idempotency-replayed").is_none(), "{}", operation.name());
        eventually("what is to be erased is erased", async || record(&house).await["erasures"].iter().all(|row| !row.contains("'running'")).then_some(()))
            .await;
        let after = record(&house).await;
        assert_ne!(before, after, "{} has an effect", operation.name());
        assert_eq!(announced(&before, &after), to_be_announced(&operation), "{} is announced", operation.name());
        let noted = times_audited(&after, &operation) - times_audited(&before, &operation);
        assert_eq!(noted, usize::from(is_audited(&operation)), "{} is audited", operation.name());
        let second = ask(&who, &operation, &path, &body).await;
        assert_eq!((first.status, &first.body), (second.status, &second.body), "{}", operation.name());
        assert_eq!(second.header("idempotency-replayed"), "true", "{}", operation.name());
        let other = match (&operation.body, path.contains('?')) {
            (Some(_), _) => ask(&who, &operation, &path, &json!({})).await,
            (None, true) => ask(&who, &operation, &format!("{path}&confirm=true"), &body).await,
            (None, false) if path.contains("/queues/") => ask(&who, &operation, &format!("{path}?move_to={}", house.app.company.queue), &body).await,
            (None, false) => ask(&who, &operation, &format!("{path}?x=1"), &body).await,
        };
        other.problem_at(409, "idempotency_key_reused", "Idempotency-Key");
        assert_eq!(record(&house).await, after, "{} had another effect", operation.name());
        tried += 1;
    }
    assert!(tried >= 11, "only {tried} operations were tried");
}

#[test]
fn the_document_names_the_header_where_it_is_taken() {
    for operation in operations() {
        assert_eq!(operation.headers == ["Idempotency-Key"], !takes_none(&operation), "{}", operation.name());
    }
}
