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
use tables::write::{BYTE_ORDER_MARK, harmless};
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
    let mut tx = app.db().read().await?;
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

fn row<const N: usize>(cells: [String; N]) -> String {
    let quoted = cells.map(|cell| format!("\"{}\"", harmless(&cell).replace('"', "\"\"")));
    format!("{}\r\n", quoted.join(","))
}
