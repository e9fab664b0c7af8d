//! `GET /api/v1/records`

use axum::{Json, extract::State};
use domain::{
    id::{ConversationId, TenantId},
    policy::Staff,
    time::Ts,
};
use http_kit::{
    App,
    auth::actor::StaffActor,
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use search::Hit;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    permit,
    query::{After, Asked, ListRecords},
    view::{RecordView, records},
};
use crate::{
    lines::{Own, blocking},
    table::found::{self, Filter},
};

/// Conversations per page.
const PAGE: usize = 20;
/// How many conversations are looked at together, and how many times for one page: who may read few of them goes on with the next page.
const LOOK: usize = 200;
const LOOKS: usize = 10;

/// A page of records.
#[derive(Debug, Serialize, ToSchema)]
pub struct Records {
    /// The conversations of this page. With words, those come first in which one line has all of them, and then the newest line; without, the one that began last.
    pub items: Vec<RecordView>,
    /// The cursor of the next page; `null` on the last page. A page before the last may have few items, or none.
    #[schema(required)]
    pub next: Option<String>,
    /// How far what was said is indexed.
    pub index: IndexState,
}

/// How far what was said is indexed, by the node that answers.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct IndexState {
    /// Whether everything is found that was said up to a moment ago. Until then, some is missing.
    pub is_complete: bool,
    /// When the last entry was stored that is indexed; `null` if none is.
    #[schema(required)]
    pub read_until: Option<Ts>,
}

/// Conversations and the lines that were found.
pub type Found = Vec<(ConversationId, Option<i64>)>;

/// Searches conversations.
///
/// Only what the caller may read is found. What was said a moment ago may be missing, and so may what is said while `index.is_complete` is false.
#[utoipa::path(get, path = "/records", tag = "records", security(("staff" = [])), params(ListRecords), responses((status = 200, body = Records), Problems))]
pub async fn list_records(State(app): State<App>, actor: StaffActor, ValidQuery(query): ValidQuery<ListRecords>) -> Result<Json<Records>, Problem> {
    permit(&actor)?;
    let Asked { words, filter, after } = query.check(&app, actor.tenant()).await?;
    let (found, next) =
        if words.is_empty() { began(&app, &actor.staff, &filter, after, PAGE).await? } else { said(&app, &actor.staff, &filter, words.clone(), after).await? };
    let mut tx = app.db().read_of(actor.tenant()).await?;
    let items = records(&app, &mut tx, &actor.staff, &found, &words).await?;
    Ok(Json(Records { items, next: next.map(After::cursor), index: index_state(&app).await? }))
}

async fn index_state(app: &App) -> store::Result<IndexState> {
    let own = Own::of(app);
    let at = own.lines(app).await?.place().at;
    Ok(IndexState { is_complete: own.is_complete(), read_until: (at > 0).then_some(Ts(at)) })
}

/// Those that match, by when they began, at most `page`, and the place after them; `None` if there are no more.
pub async fn began(app: &App, staff: &Staff, filter: &Filter, after: Option<After>, page: usize) -> store::Result<(Found, Option<After>)> {
    let mut tx = app.db().read_of(staff.tenant).await?;
    let mut before = match after {
        Some(After::Began(at, id)) => (at, id),
        _ => (Ts(i64::MAX), Uuid::max()),
    };
    let mut all = Found::new();
    for _ in 0..LOOKS {
        let (matches, next) = found::newest(&mut tx, staff.tenant, staff, filter, before, LOOK as i64).await?;
        for one in matches {
            all.push((one.id, None));
            before = (one.created_at, one.id.uuid());
            if all.len() == page {
                return Ok((all, Some(After::Began(before.0, before.1))));
            }
        }
        let Some(next) = next else { return Ok((all, None)) };
        before = next;
    }
    Ok((all, Some(After::Began(before.0, before.1))))
}

/// The conversations of the company in which the words were said, from a place on.
pub async fn hits(app: &App, tenant: TenantId, words: String, after: Option<After>) -> store::Result<Vec<Hit>> {
    let (lines, company) = (Own::of(app).lines(app).await?, tenant.uuid());
    let mut hits = blocking(move || lines.find(company, &words)).await?;
    if let Some(After::Line(is_whole, at, id)) = after {
        hits.retain(|hit| hit.rank() < (is_whole, at, id));
    }
    Ok(hits)
}

/// Those of the conversations in which the words were said that match.
async fn said(app: &App, staff: &Staff, filter: &Filter, words: String, after: Option<After>) -> store::Result<(Found, Option<After>)> {
    let hits = hits(app, staff.tenant, words, after).await?;
    let place = |hit: &Hit| After::Line(hit.is_whole, hit.at, hit.conversation);
    let mut tx = app.db().read_of(staff.tenant).await?;
    let mut all = Found::new();
    for (n, some) in hits.chunks(LOOK).enumerate() {
        let ids: Vec<Uuid> = some.iter().map(|hit| hit.conversation).collect();
        let matches = found::among(&mut tx, staff.tenant, staff, filter, &ids).await?;
        for hit in some {
            let id = ConversationId::new(hit.conversation);
            if matches.iter().any(|one| one.id == id) {
                all.push((id, i64::try_from(hit.seq).ok()));
                if all.len() == PAGE {
                    let is_last = hits.last().is_some_and(|last| last.conversation == hit.conversation);
                    return Ok((all, (!is_last).then(|| place(hit))));
                }
            }
        }
        if n + 1 == LOOKS {
            let is_last = (n + 1) * LOOK >= hits.len();
            return Ok((all, some.last().filter(|_| !is_last).map(place)));
        }
    }
    Ok((all, None))
}

#[cfg(test)]
mod tests {
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_search_that_is_none_says_what_is_wrong() {
        let app = TestApp::new().await;
        let mira = app.manager("mira").await;
        let long = "a".repeat(10_000);
        for (query, code, field) in [
            (format!("q={long}"), "too_large", "q"),
            ("q=a b c d e f g h i j k".to_owned(), "too_large", "q"),
            ("q=？！".to_owned(), "invalid_value", "q"),
            ("from=yesterday".to_owned(), "invalid_value", "from"),
            ("from=2026-11-02&to=2026-11-01".to_owned(), "invalid_value", "to"),
            ("customer=somebody".to_owned(), "invalid_value", "customer"),
            ("rating=great".to_owned(), "invalid_value", ""),
            ("cursor=x".to_owned(), "invalid_value", "cursor"),
            (format!("cursor=1.5.{}", uuid::Uuid::nil().as_simple()), "invalid_value", "cursor"),
        ] {
            let answer = mira.get(&format!("/api/v1/records?{query}")).await;
            if field.is_empty() {
                answer.problem(422, code)
            } else {
                answer.problem_at(422, code, field)
            };
        }
        // What other engines would take for an operator is a word like others.
        for query in ["q=a", "q=\"a* OR (b\"", "q=a:b^2~", "q=[a TO b]", "q=费"] {
            assert_eq!(mira.get(&format!("/api/v1/records?{query}")).await.expect(200)["items"], serde_json::json!([]), "{query}");
        }
    }
}
