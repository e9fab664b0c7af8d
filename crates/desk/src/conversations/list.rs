//! `GET /api/v1/conversations`

use axum::{Json, extract::State};
use domain::time::Ts;
use http_kit::{
    App,
    auth::actor::StaffActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use realtime::view;
use serde::{Deserialize, Serialize};
use service::hours;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wire::conversation::ConversationView;

/// Conversations per page.
const PAGE: usize = 50;

/// Which conversations to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListConversations {
    /// The list to return.
    pub list: List,
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A list of conversations.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// Conversations that the caller serves.
    Mine,
    /// Conversations that wait: those first in which somebody may be in danger, then the longest wait.
    Queue,
    /// The caller's conversations that were resolved today, latest first.
    ResolvedToday,
}

/// A page of conversations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conversations {
    /// The conversations of this page.
    pub items: Vec<ConversationView>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
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
    let before = query.cursor.as_deref().map_or(Ok((Ts(i64::MAX), Uuid::max())), cursor::at_id)?;
    let mut tx = app.db().snapshot_of(actor.tenant()).await?;
    let whole = |rows| Page { items: rows, next: None };
    let Page { mut items, next } = match query.list {
        List::Mine => whole(store_desk::lists::mine(&mut tx, tenant, agent).await?),
        List::Queue => whole(store_desk::lists::queue(&mut tx, tenant).await?),
        List::ResolvedToday => {
            let today = warehouse::Day::today(app.env().now(), &hours::zone(app.db(), tenant).await?)?;
            let rows = store_desk::lists::resolved_since(&mut tx, tenant, agent, today.from, before, PAGE as i64 + 1).await?;
            Page::of(rows, PAGE, |last| format!("{}.{}", last.resolved_at.unwrap_or_default(), last.id.as_simple()))
        }
    };
    items.retain(|row| row.may_be_read(&actor.staff));
    Ok(Json(Conversations { items: view::rows(&mut tx, &app.vault(), &actor.staff, items).await?, next }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use testkit_app::TestApp;

    fn ids(list: &Value) -> Vec<&str> {
        list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn the_queue_holds_who_waits_longest_first() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        let mut waiting = Vec::new();
        for words in ["first", "second"] {
            let visitor = app.visitor().await;
            let conversation = visitor.open(words).await;
            visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
            waiting.push(conversation);
            app.clock.advance(1_000);
        }
        let queue = ada.get("/api/v1/conversations?list=queue").await.expect(200);
        assert_eq!((ids(&queue), &queue["items"][0]["state"], &queue["next"]), (vec![waiting[0].as_str(), &waiting[1]], &json!("queued"), &json!(null)));
        let beta = app.other_company("beta").await;
        let foreign = app.staff_of(&beta, domain::staff::Role::Manager, "bob").await;
        for list in ["mine", "queue", "resolved_today"] {
            let empty = foreign.get(&format!("/api/v1/conversations?list={list}")).await.expect(200);
            assert_eq!(empty, json!({"items": [], "next": null}));
        }
    }

    #[tokio::test]
    async fn ones_own_numbers_are_those_of_the_list_behind_them() {
        let app = TestApp::new().await;
        let (ada, visitor) = (app.agent("ada").await, app.visitor().await);
        let conversation = visitor.open("hello").await;
        let acts = async |body: Value| {
            let frame = json!({"t": "send", "conversation": conversation, "client_id": uuid::Uuid::new_v4(), "body": body});
            assert_eq!(ada.post("/rt/send", json!({"frames": [frame]})).await.expect(200)["frames"][0]["t"], "ok");
        };
        visitor.say(&conversation, false, json!({"type": "request_human", "via": "button"})).await;
        acts(json!({"type": "take"})).await;
        app.clock.advance(4_000);
        acts(json!({"type": "text", "text": "here"})).await;
        let numbers = async || ada.get("/api/v1/me/today").await.expect(200);
        let goes_on = json!({"resolved": 0, "frt_median_ms": null, "rated": 0, "rated_good": 0});
        assert_eq!(numbers().await, goes_on);
        acts(json!({"type": "resolve"})).await;
        visitor.say(&conversation, false, json!({"type": "rate", "score": 5})).await;
        assert_eq!(numbers().await, json!({"resolved": 1, "frt_median_ms": 4_000, "rated": 1, "rated_good": 1}));
        let behind = ada.get("/api/v1/conversations?list=resolved_today").await.expect(200);
        assert_eq!((ids(&behind), &behind["items"][0]["settled"]), (vec![conversation.as_str()], &json!({"first_reply_ms": 4_000, "score": 5})));
        // A conversation that continues is no longer resolved.
        visitor.say(&conversation, false, json!({"type": "text", "text": "one more thing"})).await;
        assert_eq!(numbers().await, goes_on);
    }

    #[tokio::test]
    async fn a_list_that_is_none_is_refused() {
        let app = TestApp::new().await;
        let ada = app.agent("ada").await;
        ada.get("/api/v1/conversations").await.problem_at(422, "missing_field", "list");
        ada.get("/api/v1/conversations?list=all").await.problem(422, "invalid_value");
        for list in ["mine", "queue", "resolved_today"] {
            ada.get(&format!("/api/v1/conversations?list={list}&cursor=x")).await.problem_at(422, "invalid_value", "cursor");
        }
    }
}
