//! `GET /api/v1/audit`

use axum::{Json, extract::State};
use domain::{
    id::AgentId,
    policy::Permission,
    refusal::Code,
    time::{HOUR, Ts},
};
use http_kit::{
    App,
    auth::{StaffActor, attempts::Limit},
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::{Deserialize, Serialize};
use store::audit::Search;
use utoipa::{IntoParams, ToSchema};

use super::view::AuditEntryView;

/// Entries per page.
const PAGE: usize = 50;
/// The longest id or operation that is looked for, in bytes.
const MAX_BYTES: usize = 200;
/// Looking at the audit is itself noted in it, once for each member in this time.
const NOTED_EVERY: Limit = Limit { tries: 1, within_ms: HOUR };

/// What to look for, and where to continue.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAudit {
    /// Who did it.
    #[serde(default)]
    pub person: Option<AgentId>,
    /// What it was done to: an id.
    #[serde(default)]
    pub object: Option<String>,
    /// What was done: an operation as the entries name it.
    #[serde(default)]
    pub operation: Option<String>,
    /// From this time on, in milliseconds since 1970.
    #[serde(default)]
    pub from: Option<i64>,
    /// Before this time, in milliseconds since 1970.
    #[serde(default)]
    pub to: Option<i64>,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

impl ListAudit {
    /// What is looked for, and before which number.
    pub fn checked(self) -> Result<(Search, i64), Problem> {
        let Self { person, object, operation, from, to, cursor } = self;
        for (field, text) in [("object", &object), ("operation", &operation)] {
            if text.as_ref().is_some_and(|text| text.is_empty() || text.len() > MAX_BYTES || !store::can_be_stored(text)) {
                return Err(Problem::invalid(field, Code::InvalidValue, format!("`{field}` must have 1 to {MAX_BYTES} bytes; omit it to look for any")));
            }
        }
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(Problem::invalid("to", Code::InvalidValue, "`to` must be later than `from`"));
        }
        let before = cursor.as_deref().map_or(Ok(i64::MAX), cursor::parse)?;
        Ok((Search { person: person.map(AgentId::uuid), object, operation, from: from.map(Ts), to: to.map(Ts) }, before))
    }
}

/// A page of the audit.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// Newest first.
    pub items: Vec<AuditEntryView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// Lists who did what, the newest first: changes by permission, sign-ins, exports, refused tries, and commands given at the terminal.
///
/// What is secret, and what customers wrote, is in no entry. Looking is itself noted, once an hour for each member.
#[utoipa::path(get, path = "/audit", tag = "company", security(("staff" = [])), params(ListAudit), responses((status = 200, body = AuditPage), Problems))]
pub async fn list_audit(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListAudit>) -> Result<Json<AuditPage>, Problem> {
    let permitted = actor.require(Permission::SeeAudit)?;
    let (search, before) = query.checked()?;
    if app.in_memory().audit_looks.take(&actor.staff.agent.to_string(), NOTED_EVERY, app.env().now()).is_ok() {
        permitted.note(&app).await?;
    }
    let found = store::audit::search(&mut app.db().read_of(actor.tenant()).await?, actor.tenant(), &search, before, PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(found, PAGE, |last| last.seq.to_string());
    let (sealer, tenant) = (app.sealer(), actor.tenant());
    Ok(Json(AuditPage { items: items.into_iter().map(|found| AuditEntryView::open(found, &sealer, tenant)).collect(), next }))
}

#[cfg(test)]
mod tests {
    use domain::staff::Role;
    use http_kit::{audit::Asked, permitted::Permitted};
    use serde_json::{Value, json};
    use testkit_app::{StaffClient, TestApp};

    use super::*;

    const PATH: &str = "/api/v1/audit";

    async fn items(who: &StaffClient, query: &str) -> Vec<Value> {
        who.get(&format!("{PATH}{query}")).await.expect(200)["items"].as_array().unwrap().clone()
    }

    #[tokio::test]
    async fn the_audit_says_who_did_what_from_where_and_what_it_changed() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        let ada = app.agent("ada").await;
        let path = format!("/api/v1/staff/{}", ada.member.id);
        let seen = tara.get(&path).await.expect(200)["updated_at"].clone();
        tara.patch(&path, json!({"role": "manager", "seen": seen})).await.expect(200);
        let group = mira.post("/api/v1/groups", json!({"name": "Night"})).await.expect(201);
        let all = items(&tara, "").await;
        let operations: Vec<&str> = all.iter().map(|entry| entry["operation"].as_str().unwrap()).collect();
        assert_eq!(operations, ["GET /api/v1/audit", "POST /api/v1/groups", "PATCH /api/v1/staff/{id}"], "newest first, and looking is noted");
        let change = &all[2];
        assert_eq!(
            (&change["by"], &change["object"], &change["path"], &change["altered"]),
            (&json!({"kind": "staff", "id": tara.member.id, "name": "tara"}), &json!(ada.member.id), &json!(path), &json!(false))
        );
        assert_eq!(change["changes"], json!([{"field": "role", "before": "agent", "after": "manager"}]));
        assert!(change["from"]["address"].as_str().unwrap().parse::<std::net::IpAddr>().unwrap().is_loopback());
        let count = async |query: &str| items(&tara, query).await.len();
        assert_eq!(count(&format!("?person={}", mira.member.id)).await, 1);
        assert_eq!(count(&format!("?object={}", group["id"].as_str().unwrap())).await, 1);
        assert_eq!(count("?operation=PATCH%20%2Fapi%2Fv1%2Fstaff%2F%7Bid%7D").await, 1);
        let at = change["at"].as_i64().unwrap();
        assert_eq!((count(&format!("?to={at}")).await, count(&format!("?from={}", at + HOUR)).await), (0, 0));
        app.clock.advance(HOUR - 1);
        assert_eq!(count("").await, 3, "who looks on is noted once an hour");
        app.clock.advance(1);
        assert_eq!(count("").await, 4);
    }

    #[tokio::test]
    async fn a_long_audit_is_read_page_by_page() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        for _ in 0..PAGE {
            let command = Permitted::at_terminal(app.company.tenant, Asked::by_command("backup", Value::Null));
            command.note(app.app()).await.unwrap();
        }
        let first = tara.get(PATH).await.expect(200);
        let seqs = |page: &Value| page["items"].as_array().unwrap().iter().map(|entry| entry["seq"].as_i64().unwrap()).collect::<Vec<_>>();
        assert_eq!(seqs(&first), (2..=51).rev().collect::<Vec<_>>());
        let last = tara.get(&format!("{PATH}?cursor={}", first["next"].as_str().unwrap())).await.expect(200);
        assert_eq!((seqs(&last), &last["next"], &last["items"][0]["by"]["kind"]), (vec![1], &Value::Null, &json!("terminal")));
        assert_eq!(tara.get(&format!("{PATH}?operation=yingda%20backup")).await.expect(200)["next"], Value::Null, "exactly a page");
    }

    #[tokio::test]
    async fn only_who_may_see_the_audit_does_and_only_their_companys() {
        let app = TestApp::new().await;
        let (tara, mira) = (app.staff(Role::Administrator, "tara").await, app.manager("mira").await);
        for (query, field) in [("?cursor=x", "cursor"), ("?object=", "object"), ("?operation=", "operation"), ("?from=5&to=5", "to"), ("?person=ada", "person")]
        {
            tara.get(&format!("{PATH}{query}")).await.problem_at(422, "invalid_value", field);
        }
        mira.get(PATH).await.problem(403, "not_permitted");
        app.get(PATH).await.problem(401, "not_signed_in");
        assert_eq!(items(&tara, &format!("?person={}", tara.member.id)).await.len(), 1, "what was not looked for was not looked at");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        assert_eq!(items(&bob, "").await.iter().map(|entry| entry["by"]["name"].as_str().unwrap()).collect::<Vec<_>>(), ["bob"]);
        assert_eq!(items(&bob, &format!("?person={}", tara.member.id)).await, [Value::Null; 0]);
    }
}
