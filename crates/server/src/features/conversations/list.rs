//! `GET /api/v1/conversations`

use axum::{Json, extract::State};
use domain::time::Ts;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    App,
    auth::actor::StaffActor,
    extract::ValidQuery,
    features::panel,
    problem::{Problem, Problems},
    realtime::{view, wire::ConversationView},
};

/// Rows in one answer.
const PAGE: usize = 50;

/// Which conversations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListConversations {
    /// Which list.
    pub list: List,
    /// Where the last answer ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A list of conversations.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// Those this agent serves.
    Mine,
    /// Those that wait, longest first.
    Queue,
    /// Those this agent settled today, latest first.
    ResolvedToday,
}

/// A page of conversations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conversations {
    /// The rows.
    pub items: Vec<ConversationView>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// Lists conversations.
#[utoipa::path(get, path = "/conversations", tag = "conversations", security(("staff" = [])), params(ListConversations),
    responses((status = 200, body = Conversations), Problems))]
pub async fn list_conversations(
    State(app): State<App>,
    actor: StaffActor,
    ValidQuery(query): ValidQuery<ListConversations>,
) -> Result<Json<Conversations>, Problem> {
    let (tenant, agent) = (actor.tenant(), actor.staff.agent);
    let mut tx = app.db().snapshot().await?;
    let mut rows = match query.list {
        List::Mine => store::lists::mine(&mut tx, tenant, agent).await?,
        List::Queue => store::lists::queue(&mut tx, tenant).await?,
        List::ResolvedToday => {
            let before = query.cursor.as_deref().map_or(Ok((Ts(i64::MAX), Uuid::max())), parse_cursor)?;
            let today = warehouse::Day::today(app.env().now(), &panel::zone(&app, tenant).await?)?;
            store::lists::resolved_since(&mut tx, tenant, agent, today.from, before, PAGE as i64 + 1).await?
        }
    };
    let mut next = None;
    if matches!(query.list, List::ResolvedToday) && rows.len() > PAGE {
        rows.truncate(PAGE);
        next = rows.last().map(|r| format!("{}.{}", r.resolved_at.unwrap_or_default(), r.id.as_simple()));
    }
    Ok(Json(Conversations { items: view::rows(&mut tx, tenant, rows).await?, next }))
}

fn parse_cursor(raw: &str) -> Result<(Ts, Uuid), Problem> {
    let parsed = raw.split_once('.').and_then(|(at, id)| Some((Ts(at.parse().ok()?), Uuid::try_parse(id).ok()?)));
    parsed.ok_or_else(|| Problem::invalid("cursor", "invalid_value", "use the `next` of the answer before"))
}
