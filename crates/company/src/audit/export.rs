//! `GET /api/v1/audit/export.csv`

use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use domain::{entry::body::RefusedTries, id::AgentId, id::TenantId, policy::Permission};
use futures_util::{Stream, stream};
use http_kit::{
    App,
    audit::details::AuditChange,
    auth::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use serde::Deserialize;
use serde_json::Value;
use store::audit::Search;
use tables::write::{BYTE_ORDER_MARK, row};
use utoipa::IntoParams;

use super::{list::ListAudit, view::AuditEntryView};

/// Entries read at a time, and written as one piece.
const AT_ONCE: i64 = 200;

/// The columns.
const COLUMNS: [&str; 14] =
    ["number", "time", "who", "name", "person", "operation", "path", "object", "refused", "tries", "address", "browser", "changes", "request"];

/// What to export; as in the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportAudit {
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
}

/// Exports the audit as a CSV file: UTF-8 with a byte order mark, one row per entry, the newest first, with times in UTC.
///
/// The export is itself noted in the audit.
#[utoipa::path(get, path = "/audit/export.csv", tag = "company", security(("staff" = [])), params(ExportAudit),
    responses((status = 200, description = "The entries, a row for each", body = String, content_type = "text/csv"), Problems))]
pub async fn export_audit(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ExportAudit>) -> Result<Response, Problem> {
    let permitted = actor.require(Permission::SeeAudit)?;
    let ExportAudit { person, object, operation, from, to } = query;
    let (search, before) = ListAudit { person, object, operation, from, to, cursor: None }.checked()?;
    permitted.note(&app).await?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\"")];
    Ok((headers, Body::from_stream(pieces(app, actor.tenant(), search, before))).into_response())
}

/// The file, piece by piece: however long the audit is, only some entries are in memory.
fn pieces(app: App, tenant: TenantId, search: Search, before: i64) -> impl Stream<Item = Result<String, store::Error>> + Send {
    let head = format!("{BYTE_ORDER_MARK}{}", row(COLUMNS.map(str::to_owned)));
    stream::unfold((Some(head), Some(before)), move |(head, before)| {
        let (app, search) = (app.clone(), search.clone());
        async move {
            if head.is_some() {
                return head.map(|head| (Ok(head), (None, before)));
            }
            let found = piece(&app, tenant, &search, before?).await;
            let (text, next) = found.map_or_else(|error| (Err(error), None), |(text, next)| (Ok(text), next));
            Some((text, (None, next)))
        }
    })
}

/// The next rows, and the number before which to go on; `None` at the end.
async fn piece(app: &App, tenant: TenantId, search: &Search, before: i64) -> Result<(String, Option<i64>), store::Error> {
    let mut tx = app.db().read_of(tenant).await?;
    let found = store::audit::search(&mut tx, tenant, search, before, AT_ONCE).await?;
    drop(tx);
    let next = found.last().filter(|_| found.len() as i64 == AT_ONCE).map(|last| last.seq);
    let sealer = app.sealer();
    Ok((found.into_iter().map(|found| row(cells(AuditEntryView::open(found, &sealer, tenant)))).collect(), next))
}

fn cells(entry: AuditEntryView) -> [String; COLUMNS.len()] {
    let AuditEntryView { seq, at, by, operation, path, object, refused, from, changes, request, altered } = entry;
    let (refused, tries) = refused.map_or_else(Default::default, |RefusedTries { code, times }| (code, times.to_string()));
    let (address, browser) = from.map_or_else(Default::default, |from| (from.address, from.browser));
    let kind = serde_json::to_value(by.kind).ok().and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default();
    let changes = changes.iter().map(|AuditChange { field, before, after }| format!("{field}: {} → {}", text(before), text(after)));
    let changes = if altered { "altered".to_owned() } else { changes.collect::<Vec<_>>().join("\n") };
    let (time, request) = (jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().to_string(), text(&request));
    let (name, person, object) = (by.name.unwrap_or_default(), by.id.unwrap_or_default(), object.unwrap_or_default());
    [seq.to_string(), time, kind, name, person, operation, path, object, refused, tries, address, browser, changes, request]
}

/// A value as text: nothing for `null`.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{staff::Role, time::Ts};
    use http_kit::{audit::Asked, permitted::Permitted};
    use serde_json::json;
    use testkit_app::{StaffClient, TestApp};

    use super::*;
    use crate::audit::view::{AuditActor, AuditActorKind};

    const PATH: &str = "/api/v1/audit/export.csv";

    async fn rows(who: &StaffClient, query: &str) -> Vec<String> {
        let file = who.get(&format!("{PATH}{query}")).await;
        assert_eq!((file.header("content-type"), file.header("content-disposition")), ("text/csv; charset=utf-8", "attachment; filename=\"audit.csv\""));
        let text = String::from_utf8(file.body).unwrap();
        text.strip_suffix("\r\n").unwrap().split("\r\n").map(str::to_owned).collect()
    }

    #[tokio::test]
    async fn an_export_is_a_table_of_what_was_looked_for_and_is_itself_in_the_audit() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        let group = tara.post("/api/v1/groups", json!({"name": "=G \"0\""})).await.expect(201)["id"].as_str().unwrap().to_owned();
        tara.post("/api/v1/groups", json!({"name": "Day"})).await.expect(201);
        let all = rows(&tara, "").await;
        assert_eq!(
            all[0],
            "\u{feff}\"number\",\"time\",\"who\",\"name\",\"person\",\"operation\",\"path\",\"object\",\"refused\",\"tries\",\"address\",\"browser\",\"changes\",\"request\""
        );
        assert_eq!(all.len(), 4);
        assert!(all[1].contains("\"GET /api/v1/audit/export.csv\"") && all[2].starts_with("\"2\","), "{all:?}");
        let now = jiff::Timestamp::from_millisecond(app.env().now().0).unwrap();
        let begins = format!("\"1\",\"{now}\",\"staff\",\"tara\",\"{}\",\"POST /api/v1/groups\",\"/api/v1/groups\",\"{group}\",\"\",\"\",", tara.member.id);
        assert!(all[3].starts_with(&begins) && all[3].contains("=G \\\"\"0"), "{all:?}");
        assert_eq!(rows(&tara, &format!("?object={group}")).await[1..], all[3..]);
        assert_eq!(rows(&tara, "?operation=nothing").await.len(), 1);
        tara.get(&format!("{PATH}?from=5&to=5")).await.problem_at(422, "invalid_value", "to");
        tara.get(&format!("{PATH}?cursor=3")).await.problem_at(422, "unknown_field", "cursor");
        let exports = tara.get("/api/v1/audit?operation=GET%20%2Fapi%2Fv1%2Faudit%2Fexport.csv").await.expect(200);
        let asked: Vec<&Value> = exports["items"].as_array().unwrap().iter().map(|entry| &entry["request"]).collect();
        assert_eq!(asked, [&json!({"query": {"operation": "nothing"}}), &json!({"query": {"object": group}}), &Value::Null], "what was exported is known");
    }

    #[tokio::test]
    async fn however_long_the_audit_is_all_of_it_is_exported_once() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        for _ in 0..AT_ONCE {
            let command = Permitted::at_terminal(app.company.tenant, Asked::by_command("backup", Value::Null));
            command.note(app.app()).await.unwrap();
        }
        let numbers: Vec<i64> = rows(&tara, "").await[1..].iter().map(|row| row.split('"').nth(1).unwrap().parse().unwrap()).collect();
        assert_eq!(numbers, (1..=AT_ONCE + 1).rev().collect::<Vec<_>>());
        assert_eq!(rows(&tara, "?operation=yingda%20backup").await.len() as i64, AT_ONCE + 1);
    }

    #[tokio::test]
    async fn only_who_may_see_the_audit_exports_it_and_only_their_companys() {
        let app = TestApp::new().await;
        let tara = app.staff(Role::Administrator, "tara").await;
        tara.post("/api/v1/groups", json!({"name": "Night"})).await.expect(201);
        app.manager("mira").await.get(PATH).await.problem(403, "not_permitted");
        app.get(PATH).await.problem(401, "not_signed_in");
        let beta = app.other_company("beta").await;
        let bob = app.staff_of(&beta, Role::Administrator, "bob").await;
        let own = rows(&bob, "").await;
        assert!(own.len() == 2 && own[1].contains("\"bob\""), "{own:?}");
    }

    #[test]
    fn a_row_says_what_was_refused_and_changed_and_no_cell_is_a_formula() {
        let entry = AuditEntryView {
            seq: 7,
            at: Ts(0),
            by: AuditActor { kind: AuditActorKind::Unknown, id: None, name: Some("=1+1".to_owned()) },
            operation: "POST /a".to_owned(),
            path: "/a".to_owned(),
            object: None,
            refused: Some(RefusedTries { code: "sign_in_failed".to_owned(), times: 3 }),
            from: None,
            changes: vec![
                AuditChange { field: "name".to_owned(), before: Value::Null, after: json!("a \"b\"") },
                AuditChange { field: "roles".to_owned(), before: json!(["a"]), after: json!([]) },
            ],
            request: Value::Null,
            altered: false,
        };
        let begins = "\"7\",\"1970-01-01T00:00:00Z\",\"unknown\",\"'=1+1\",\"\",\"POST /a\",\"/a\",\"\",\"sign_in_failed\",\"3\",\"\",\"\",";
        let ends = "\"name:  → a \"\"b\"\"\nroles: [\"\"a\"\"] → []\",\"\"\r\n";
        assert_eq!(row(cells(entry.clone())), format!("{begins}{ends}"));
        assert_eq!(row(cells(AuditEntryView { altered: true, ..entry })), format!("{begins}\"altered\",\"\"\r\n"));
    }
}
