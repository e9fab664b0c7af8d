//! `GET /api/v1/customers`

use axum::{Json, extract::State};
use domain::{
    customer::Identifier,
    customer_terms::terms_to_find,
    id::{CustomerId, LabelId},
    policy::Permission,
    refusal::Code,
    time::{MINUTE, Ts},
};
use http_kit::{
    App,
    auth::{
        StaffActor,
        attempts::{Attempts, Limit},
        tally::Tally,
    },
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    permit,
    view::{CustomerSummary, Opened},
};
use crate::table::listed;

/// Customers per page.
const PAGE: usize = 50;
/// The most characters of what is looked for.
pub const MAX_QUERY_CHARS: usize = 200;

/// Which customers to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCustomers {
    /// Words of a name, whole and in any order (of what is written without blanks at least two neighbouring characters), a whole e-mail address or number, or the
    /// last four digits of a number; at most 200 characters.
    #[serde(default)]
    pub q: Option<String>,
    /// Only those who have this label, or with whom somebody is merged who has it.
    #[serde(default)]
    pub label: Option<LabelId>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of customers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customers {
    /// The customers of this page, the last to come first.
    pub items: Vec<CustomerSummary>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Whole addresses and numbers that somebody may try who may not reveal contacts: whoever knows a masked number but for four digits cannot find them out.
const TRIES: Limit = Limit { tries: 60, within_ms: 10 * MINUTE };

/// The whole addresses and numbers that were tried, by member.
#[derive(Default)]
struct Tried(Attempts);

/// Counts a whole address or number that a member looks for.
pub async fn may_try(app: &App, actor: &StaffActor) -> Result<(), Problem> {
    if actor.staff.may(Permission::RevealContacts) {
        return Ok(());
    }
    let tried = app.in_memory().of::<Tried>();
    let tally = Tally::new("contacts", &tried.0, app.cluster().redis());
    tally.take(&actor.staff.agent.to_string(), TRIES, app.env().now()).await.map_err(Problem::too_many)
}

/// The place of a customer in the list.
fn place(one: &CustomerSummary) -> String {
    format!("{}.{}", one.created_at.0, one.id)
}

fn parse(cursor: &str) -> Result<(Ts, Uuid), Problem> {
    let place = || {
        let (at, id) = cursor.split_once('.')?;
        Some((Ts(at.parse().ok()?), id.parse::<CustomerId>().ok()?.uuid()))
    };
    place().ok_or_else(cursor::problem)
}

/// Lists customers, or those who are found: all of the company for whoever reads all of its conversations, and for others those with a conversation that they may
/// read, and those whom they added.
#[utoipa::path(get, path = "/customers", tag = "customers", security(("staff" = [])), params(ListCustomers), responses((status = 200, body = Customers), Problems))]
pub async fn list_customers(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListCustomers>) -> Result<Json<Customers>, Problem> {
    permit(&actor)?;
    let typed = query.q.as_deref().map(str::trim).filter(|typed| !typed.is_empty());
    if typed.is_some_and(|typed| typed.chars().count() > MAX_QUERY_CHARS) {
        return Err(Problem::invalid("q", Code::TooLarge, format!("at most {MAX_QUERY_CHARS} characters")));
    }
    let before = query.cursor.as_deref().map(parse).transpose()?.unwrap_or((Ts(i64::MAX), Uuid::max()));
    let sought = typed.map(terms_to_find);
    if sought.as_ref().is_some_and(Vec::is_empty) {
        return Err(Problem::invalid("q", Code::InvalidValue, "give a letter, a digit or a character: signs are not looked for"));
    }
    if typed.is_some_and(|typed| Identifier::parse(typed).is_ok()) {
        may_try(&app, &actor).await?;
    }
    let (tenant, vault) = (actor.tenant(), app.vault());
    let terms: Vec<Vec<u8>> = sought.unwrap_or_default().iter().map(|term| vault.term(tenant, term)).collect();
    let mut tx = app.db().snapshot_of(tenant).await?;
    let found = listed::newest(&mut tx, tenant, &actor.staff, (&terms, query.label), before, PAGE as i64 + 1).await?;
    let found = Opened::of(&mut tx, &vault, tenant, found).await?;
    let Page { items, next } = Page::of(found.into_iter().map(|one| one.summary(&actor.staff)).collect(), PAGE, place);
    Ok(Json(Customers { items, next }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_search_that_is_none_says_what_is_wrong() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let long = "a".repeat(10_000);
        for (query, code, field) in
            [(format!("q={long}"), "too_large", "q"), ("q=？！".to_owned(), "invalid_value", "q"), ("cursor=x".to_owned(), "invalid_value", "cursor")]
        {
            mira.get(&format!("/api/v1/customers?{query}")).await.problem_at(422, code, field);
        }
        for query in ["", "q=", "q=费", "q=nobody OR (*"] {
            assert_eq!(mira.get(&format!("/api/v1/customers?{query}")).await.expect(200)["items"], json!([]), "{query}");
        }
    }

    #[tokio::test]
    async fn whoever_may_not_reveal_contacts_does_not_find_out_a_number_by_trying() {
        let app = TestApp::new().await;
        let otto = app.staff(Role::Auditor, "otto").await;
        for n in 0..60 {
            otto.get(&format!("/api/v1/customers?q=1380013{n:04}")).await.expect(200);
        }
        otto.get("/api/v1/customers?q=13800138000").await.problem(429, "too_many_requests");
        otto.get("/api/v1/customers?q=8000").await.expect(200);
        let mira = app.manager("mira").await;
        for n in 0..61 {
            mira.get(&format!("/api/v1/customers?q=1380013{n:04}")).await.expect(200);
        }
    }

    #[tokio::test]
    async fn whoever_neither_serves_nor_reads_conversations_sees_no_customers() {
        let app = TestApp::new().await;
        app.staff(Role::KnowledgeEditor, "kim").await.get("/api/v1/customers").await.problem(403, "not_permitted");
        app.get("/api/v1/customers").await.problem(401, "not_signed_in");
    }
}
