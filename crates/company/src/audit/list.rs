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
    let found = store::audit::search(&mut app.db().read().await?, actor.tenant(), &search, before, PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(found, PAGE, |last| last.seq.to_string());
    let (sealer, tenant) = (app.sealer(), actor.tenant());
    Ok(Json(AuditPage { items: items.into_iter().map(|found| AuditEntryView::open(found, &sealer, tenant)).collect(), next }))
}
