//! `GET /api/v1/customer/conversations`: lists all conversations that a customer has ever had with the company.

use axum::{Json, extract::State};
use domain::{
    conversation::State as ConversationState,
    id::{ConversationId, ConversationKind},
    text::Lang,
    time::Ts,
};
use http_kit::{
    App,
    auth::CustomerActor,
    cursor::{self, Page},
    extract::ValidQuery,
    problem::{Problem, Problems},
};
use realtime::view;
use serde::{Deserialize, Serialize};
use store_hall::customer_visitors::OwnRow;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Conversations per page.
const PAGE: usize = 50;

/// Where to continue.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListOwnConversations {
    /// The `next` of the previous page; omitted for the first page.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A conversation as its customer sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnConversation {
    /// The conversation's id.
    pub id: ConversationId,
    /// The state of the conversation.
    #[schema(value_type = ConversationState)]
    pub state: String,
    /// When the conversation was opened.
    pub created_at: Ts,
    /// When it was last resolved.
    #[schema(required)]
    pub resolved_at: Option<Ts>,
    /// When a message was left that still waits for an answer.
    #[schema(required)]
    pub left_at: Option<Ts>,
    /// The time of the last entry.
    pub at: Ts,
    /// The name of the agent who served it last.
    #[schema(required)]
    pub agent_name: Option<String>,
    /// The latest rating; 1 is the worst.
    #[schema(required)]
    pub score: Option<i64>,
    /// A preview of what the customer asked first, by which they recognise the conversation.
    pub preview: String,
}

/// A page of the customer's own conversations.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnConversations {
    /// Most recently opened first.
    pub items: Vec<OwnConversation>,
    /// The cursor of the next page; `null` on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

impl From<OwnRow> for OwnConversation {
    fn from(row: OwnRow) -> Self {
        let OwnRow { id, state, lang, created_at, resolved_at, left_at, last_at, agent_name, score, first_body, pseq: _ } = row;
        Self {
            id: ConversationId::new(id),
            state,
            created_at: Ts(created_at),
            resolved_at: resolved_at.map(Ts),
            left_at: left_at.map(Ts),
            at: Ts(last_at),
            agent_name,
            score,
            preview: view::preview(first_body.as_deref(), Lang::from_tag(&lang)),
        }
    }
}

/// Lists the customer's own conversations, on all devices and sites.
#[utoipa::path(get, path = "/customer/conversations", tag = "customers", security(("customer" = [])), params(ListOwnConversations),
    responses((status = 200, body = OwnConversations), Problems))]
pub async fn list_own_conversations(
    State(app): State<App>,
    actor: CustomerActor,
    ValidQuery(query): ValidQuery<ListOwnConversations>,
) -> Result<Json<OwnConversations>, Problem> {
    let before = query.cursor.as_deref().map_or(Ok((Ts(i64::MAX), Uuid::max())), cursor::at_shown_id::<ConversationKind>)?;
    let rows =
        store_hall::customer_visitors::conversations(&mut app.db().read_of(actor.tenant).await?, actor.tenant, actor.customer, before, PAGE as i64 + 1).await?;
    let Page { items, next } = Page::of(rows, PAGE, |last| format!("{}.{}", last.created_at, ConversationId::new(last.id)));
    Ok(Json(OwnConversations { items: items.into_iter().map(OwnConversation::from).collect(), next }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use testkit_app::TestApp;

    #[tokio::test]
    async fn a_message_that_was_left_is_not_over_before_it_is_answered() {
        let app = TestApp::new().await;
        let ada = app.customer("ada@example.com").await;
        let chat = app.widget_of(&ada, None).await;
        let conversation = chat.open("question").await;
        let left_at = async || ada.get("/api/v1/customer/conversations").await.expect(200)["items"][0]["left_at"].clone();
        assert_eq!(left_at().await, json!(null));
        chat.say(&conversation, false, json!({"type": "leave_message", "text": "Call me", "contact": null})).await;
        assert_eq!(left_at().await, app.env().now().0);
    }

    #[tokio::test]
    async fn ones_own_are_listed_page_by_page_and_nobody_elses() {
        let app = TestApp::new().await;
        let (ada, eve) = (app.customer("ada@example.com").await, app.customer("eve@example.com").await);
        let chat = app.widget_of(&ada, None).await;
        let mut opened = Vec::new();
        for n in 0..51 {
            app.clock.advance(1_000);
            let conversation = chat.open(&format!("question {n}")).await;
            chat.say(&conversation, false, json!({"type": "end"})).await;
            opened.insert(0, json!(conversation));
        }
        let first = ada.get("/api/v1/customer/conversations").await.expect(200);
        let second = ada.get_with("/api/v1/customer/conversations", &[("cursor", first["next"].as_str().unwrap())]).await.expect(200);
        let ids = |page: &serde_json::Value| page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
        assert_eq!([ids(&first), ids(&second)].concat(), opened);
        assert_eq!((&first["items"][0]["state"], &second["next"]), (&json!("resolved"), &json!(null)));
        assert_eq!(ids(&eve.get("/api/v1/customer/conversations").await.expect(200)), [json!(null); 0]);
        ada.get("/api/v1/customer/conversations?cursor=x").await.problem_at(422, "invalid_value", "cursor");
    }
}
